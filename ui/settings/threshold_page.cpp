#include "settings/threshold_page.h"

#include "guards/guard_rules.h"
#include "widgets/command_runner.h"

#include <QFormLayout>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace ui {

namespace {

using engine::Threshold;

constexpr int kFieldWidth = 72;

QLabel* makeText(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    return label;
}

QString shown(Threshold id, double value) { return toQString(engine::thresholdText(id, value)); }

} // namespace

QString unitText(engine::ThresholdUnit unit)
{
    switch (unit) {
    case engine::ThresholdUnit::Percent:
        return ThresholdPage::tr("%");
    case engine::ThresholdUnit::PerMinute:
        return ThresholdPage::tr("per min");
    case engine::ThresholdUnit::Factor:
        return ThresholdPage::tr("×", "times");
    case engine::ThresholdUnit::Count:
    case engine::ThresholdUnit::Duration: // its text has the unit
        return {};
    }
    return {};
}

ThresholdPage::ThresholdPage(engine::EnginePort& engine, const Theme& theme, QWidget* parent)
    : SettingsPage({}, parent)
    , m_engine(engine)
    , m_runner(new CommandRunner(engine, this))
    , m_snapshot(engine.snapshot())
    , m_grid(new QGridLayout)
    , m_effect(makeText({}, this))
{
    auto* note = makeText(
        tr("From these values on the engine calls a shard failing, throttled, late and so on. They "
           "hold for all shards, also without a window. A change applies at once, goes to the "
           "audit and is kept over restarts; Reset brings back what the configuration file says."),
        this);
    note->setWordWrap(true);
    m_effect->setObjectName(QStringLiteral("settings_thresholdEffect"));
    m_effect->setWordWrap(true);
    m_effect->setFont(theme.boldFont());
    m_grid->setHorizontalSpacing(kSpace);
    m_grid->setVerticalSpacing(kSpaceSmall);
    m_grid->setColumnStretch(0, 1);
    auto* form = static_cast<QFormLayout*>(layout());
    form->addRow(note);
    form->addRow(m_effect);
    form->addRow(m_grid);

    addGroup(theme, tr("Failing"));
    addRow(tr("Records with an error, at least"), Threshold::FailingErrors,
        Threshold::FailingErrorsFor);
    addRow(tr("New dead letters, at least"), Threshold::FailingDlq, Threshold::FailingDlqFor);
    addRow(tr("Attempts without a success, at least"), Threshold::FailingAttempts,
        Threshold::FailingAttemptsFor);
    addGroup(theme, tr("Throttled"));
    addRow(
        tr("Throttled requests, at least"), Threshold::ThrottledRequests, Threshold::ThrottledFor);
    addRow(tr("Held by the platform for at least"), Threshold::ThrottledHold);
    addGroup(theme, tr("Degraded"));
    addRow(tr("Records with an error, at least"), Threshold::DegradedErrors,
        Threshold::DegradedErrorsFor);
    addRow(tr("Platform p95, at least"), Threshold::DegradedLatency, Threshold::DegradedLatencyFor);
    addRow(tr("… and at least the day's median"), Threshold::DegradedLatencyFactor);
    addRow(tr("New dead letters, at least"), Threshold::DegradedDlq, Threshold::DegradedDlqFor);
    addGroup(theme, tr("Backlogged"));
    addRow(tr("Consumer lag, at least"), Threshold::BackloggedLag, Threshold::BackloggedLagFor);
    addRow(tr("Urgent from a lag of"), Threshold::BackloggedLagCritical);
    addRow(tr("Growing queue, work for at least"), Threshold::BackloggedDepth,
        Threshold::BackloggedDepthFor);
    addRow(tr("… and at least so many events"), Threshold::BackloggedDepthMin);
    addGroup(theme, tr("Recovering and idle"));
    addRow(tr("Shrinking after trouble within the last"), Threshold::RecoveringWithin,
        Threshold::RecoveringFor);
    addRow(tr("Idle after silence of"), Threshold::IdleAfter);
    addGroup(theme, tr("Leaving a state"));
    addRow(tr("Below the value times"), Threshold::LeaveFactor, Threshold::LeaveAfter);
    applySnapshot(m_snapshot);
}

void ThresholdPage::addGroup(const Theme& theme, const QString& title)
{
    auto* label = makeText(title, this);
    label->setFont(theme.boldFont());
    const int row = m_grid->rowCount();
    m_grid->setRowMinimumHeight(row, kHitTargetMin + kSpaceSmall);
    m_grid->addWidget(label, row, 0, 1, 8, Qt::AlignBottom);
}

// Label | value unit reset | for duration reset
void ThresholdPage::addRow(const QString& label, Threshold value, std::optional<Threshold> holdFor)
{
    const int row = m_grid->rowCount();
    auto* text = makeText(label, this);
    m_grid->addWidget(text, row, 0);
    addField(1, label, value);
    text->setBuddy(m_fields.back().edit);
    if (!holdFor)
        return;
    m_grid->addWidget(makeText(tr("for", "a time"), this), row, 4);
    addField(5, tr("%1: for").arg(label), *holdFor);
}

void ThresholdPage::addField(int column, const QString& name, Threshold id)
{
    const int row = m_grid->rowCount() - 1;
    const auto& spec = engine::specOf(id);
    const QString key = toQString(std::string(spec.key));
    Field field { .id = id, .edit = new QLineEdit(this), .reset = new QToolButton(this) };
    field.edit->setObjectName(QStringLiteral("settings_threshold_") + key);
    field.edit->setAccessibleName(QStringLiteral("%1 %2").arg(name, unitText(spec.unit)).trimmed());
    field.edit->setFixedWidth(kFieldWidth);
    field.edit->setMinimumHeight(kHitTargetMin);
    field.edit->setAlignment(Qt::AlignRight);
    field.reset->setObjectName(QStringLiteral("settings_thresholdReset_") + key);
    field.reset->setText(tr("Reset", "one threshold"));
    field.reset->setAccessibleName(tr("Reset %1").arg(name));
    field.reset->setMinimumHeight(kHitTargetMin);
    QSizePolicy kept = field.reset->sizePolicy();
    kept.setRetainSizeWhenHidden(true); // nothing moves when it appears
    field.reset->setSizePolicy(kept);
    // Its place is kept while it is not needed: nothing moves under the hand.
    auto policy = field.reset->sizePolicy();
    policy.setRetainSizeWhenHidden(true);
    field.reset->setSizePolicy(policy);
    m_grid->addWidget(field.edit, row, column);
    m_grid->addWidget(makeText(unitText(spec.unit), this), row, column + 1);
    m_grid->addWidget(field.reset, row, column + 2);
    connect(field.edit, &QLineEdit::textEdited, this, [this, field] { preview(field); });
    connect(field.edit, &QLineEdit::editingFinished, this, [this, field] { send(field); });
    connect(field.reset, &QToolButton::clicked, this, [this, id] {
        submit({ { id, std::nullopt } });
    });
    m_fields.push_back(field);
}

void ThresholdPage::applySnapshot(const engine::SnapshotPtr& snapshot)
{
    const bool isFirst = m_snapshot == snapshot;
    const bool isOther = isFirst || m_snapshot->thresholds != snapshot->thresholds
        || m_snapshot->safety != snapshot->safety;
    m_snapshot = snapshot;
    if (!isOther)
        return;
    const Guard guard = guardFor(profileOf(*snapshot), GuardedAction::Tune);
    for (const Field& field : m_fields) {
        if (!field.edit->hasFocus() || isFirst || !field.edit->isModified())
            showField(field);
        field.edit->setEnabled(guard.isAllowed);
        if (!guard.isAllowed)
            field.edit->setToolTip(guard.whyNot);
    }
}

void ThresholdPage::showField(const Field& field)
{
    const double value = m_snapshot->thresholds.at(field.id);
    const double configured = m_snapshot->thresholdsConfigured.at(field.id);
    field.edit->setText(shown(field.id, value));
    field.edit->setModified(false);
    field.edit->setToolTip(
        tr("%1 · from %2 · the file says %3, the default is %4")
            .arg(toQString(std::string(engine::specOf(field.id).key)),
                toQString(engine::rangeText(field.id)), shown(field.id, configured),
                shown(field.id, engine::specOf(field.id).standard)));
    const bool isWritable = guardFor(profileOf(*m_snapshot), GuardedAction::Tune).isAllowed;
    field.reset->setVisible(value != configured && isWritable);
    field.reset->setToolTip(tr("Back to %1").arg(shown(field.id, configured)));
}

void ThresholdPage::preview(const Field& field)
{
    const auto value = engine::parseThreshold(field.id, field.edit->text().trimmed().toStdString());
    if (!value || !engine::isInRange(field.id, *value)) {
        m_effect->setText(tr("“%1” is no value here: %2 %3")
                              .arg(field.edit->text(), toQString(engine::rangeText(field.id)),
                                  unitText(engine::specOf(field.id).unit)));
        return;
    }
    engine::Thresholds proposed = m_snapshot->thresholds;
    proposed.set(field.id, *value);
    const int changed = engine::shardsChangedBy(*m_snapshot, m_snapshot->thresholds, proposed);
    m_effect->setText(tr("Would change the state of %n shard(s) now", nullptr, changed));
}

void ThresholdPage::send(const Field& field)
{
    if (!field.edit->isModified())
        return;
    field.edit->setModified(false);
    const auto value = engine::parseThreshold(field.id, field.edit->text().trimmed().toStdString());
    if (!value || !engine::isInRange(field.id, *value)) {
        preview(field); // says what is wrong
        const QString problem = m_effect->text();
        showField(field);
        m_effect->setText(problem);
        return;
    }
    if (*value != m_snapshot->thresholds.at(field.id))
        submit({ { field.id, *value } });
}

void ThresholdPage::reset()
{
    std::map<Threshold, std::optional<double>> values;
    for (const auto& spec : engine::thresholdSpecs()) {
        if (m_snapshot->thresholds.at(spec.id) != m_snapshot->thresholdsConfigured.at(spec.id))
            values[spec.id] = std::nullopt;
    }
    if (values.empty())
        m_effect->setText(tr("Every threshold is as configured already."));
    else
        submit(std::move(values));
}

void ThresholdPage::submit(std::map<Threshold, std::optional<double>> values)
{
    m_effect->setText(tr("Sent, waiting for the engine…"));
    m_runner->run({ .what = engine::ThresholdsCommand { std::move(values) } },
        [this](const engine::CommandResult& result) {
            m_effect->setText(result.isOk ? tr("In force; Revert in the audit takes it back.")
                                          : tr("Not changed: %1").arg(toQString(result.message)));
            m_snapshot = m_engine.snapshot();
            for (const Field& field : m_fields) {
                if (!field.edit->isModified())
                    showField(field);
            }
        });
}

} // namespace ui
