#include "inspector/tuning_panel.h"

#include "format/format.h"
#include "inspector/marker_slider.h"
#include "theme/theme.h"
#include "widgets/command_runner.h"
#include "widgets/undo_bar.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace ui {
namespace {

constexpr int kRateScale = 1'000; // slider steps per request/s
constexpr int kConcurrencyMax = 10'000; // what the engine takes

QLabel* plainLabel(const QString& name, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

// The axis ends at twice the ceiling, so that the ceiling stands in sight of it; without one at
// twice what is used, with room to try.
double axisEnd(const std::vector<engine::ShardSnapshot>& shards, Control control)
{
    double end = 0;
    for (const auto& shard : shards) {
        const auto& value = tuningOf(shard, control);
        if (value.ceiling)
            end = std::max(end, (control == Control::Batch ? 1 : 2) * *value.ceiling);
        else
            end = std::max({ end, 2 * value.configured, 2 * value.now, 10.0 });
        end = std::max({ end, value.now, value.overridden.value_or(0) });
    }
    return control == Control::Concurrency ? std::min<double>(end, kConcurrencyMax) : end;
}

std::optional<double> common(const std::vector<engine::ShardSnapshot>& shards, Control control,
    std::optional<double> (*read)(const engine::TuningValue&))
{
    if (shards.empty())
        return std::nullopt;
    const auto first = read(tuningOf(shards.front(), control));
    const bool isCommon = std::all_of(shards.begin(), shards.end(),
        [&](const auto& shard) { return read(tuningOf(shard, control)) == first; });
    return isCommon ? first : std::nullopt;
}

} // namespace

TuningPanel::TuningPanel(
    const ConsoleContext& context, CommandRunner& runner, UndoBar& undo, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_runner(runner)
    , m_undo(undo)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceSmall);
    m_header = plainLabel(QStringLiteral("tuning_header"), this);
    m_header->setFont(context.theme.boldFont());
    column->addWidget(m_header);
    m_rows = { makeRow(Control::Concurrency, QStringLiteral("tuning_concurrency")),
        makeRow(Control::Rate, QStringLiteral("tuning_rate")),
        makeRow(Control::Batch, QStringLiteral("tuning_batch")) };
    column->addWidget(makeFooter());

    for (const auto key : { Qt::Key_Return, Qt::Key_Enter }) {
        auto* shortcut = new QShortcut(QKeySequence(Qt::CTRL | key), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, &TuningPanel::apply);
    }
    connect(&runner, &CommandRunner::answeredLate, this,
        [this](const QString& text) { showResult(tr("Answered late: %1").arg(text), true); });
    setShards({});
}

TuningPanel::Row TuningPanel::makeRow(Control control, const QString& name)
{
    Row row { .control = control };
    row.scale = control == Control::Rate ? kRateScale : 1;
    row.label = new QLabel(this);
    row.spin = new QDoubleSpinBox(this);
    row.spin->setObjectName(name + QStringLiteral("Spin"));
    row.spin->setAccessibleName(controlName(control));
    row.spin->setDecimals(control == Control::Rate ? 3 : 0);
    row.spin->setStepType(control == Control::Rate ? QAbstractSpinBox::AdaptiveDecimalStepType
                                                   : QAbstractSpinBox::DefaultStepType);
    row.spin->setAlignment(Qt::AlignRight);
    row.spin->setKeyboardTracking(false); // 1, 12, 120: only what was meant is staged
    row.spin->setMinimumWidth(112);
    row.label->setText(control == Control::Rate ? tr("&Rate, requests/s")
            : control == Control::Batch         ? tr("&Batch size, events")
                                                : tr("&Concurrency, requests"));
    row.label->setBuddy(row.spin);
    row.slider = new MarkerSlider(m_context.theme, this);
    row.slider->setObjectName(name + QStringLiteral("Slider"));
    row.slider->setAccessibleName(tr("%1 slider").arg(controlName(control)));
    row.slider->setScale(row.scale);
    row.info = plainLabel(name + QStringLiteral("Info"), this);
    row.info->setFont(m_context.theme.captionFont());
    row.info->setForegroundRole(QPalette::PlaceholderText);

    auto* grid = new QGridLayout;
    grid->setContentsMargins(0, kSpaceSmall, 0, 0);
    grid->setVerticalSpacing(2);
    grid->setColumnStretch(0, 1);
    grid->addWidget(row.label, 0, 0);
    grid->addWidget(row.spin, 0, 1);
    grid->addWidget(row.slider, 1, 0, 1, 2);
    grid->addWidget(row.info, 2, 0, 1, 2);
    static_cast<QVBoxLayout*>(layout())->addLayout(grid);

    connect(row.spin, &QDoubleSpinBox::valueChanged, this,
        [this, row](double value) { stage(row, value); });
    connect(row.slider, &MarkerSlider::valueChanged, this,
        [this, row](int value) { stage(row, static_cast<double>(value) / row.scale); });
    return row;
}

QWidget* TuningPanel::makeFooter()
{
    auto* footer = new QWidget(this);
    m_predicted = plainLabel(QStringLiteral("tuning_predicted"), footer);
    m_drain = plainLabel(QStringLiteral("tuning_drainEta"), footer);
    m_warning = plainLabel(QStringLiteral("tuning_warning"), footer);
    m_warning->setFont(m_context.theme.boldFont());
    m_result = plainLabel(QStringLiteral("tuning_result"), footer);
    auto* keepLabel = new QLabel(tr("&Keep for"), footer);
    m_keepFor = new QComboBox(footer);
    m_keepFor->setObjectName(QStringLiteral("tuning_keepFor"));
    m_keepFor->setAccessibleName(tr("Keep the change for"));
    m_keepFor->addItem(tr("10 min, then revert"), 600);
    m_keepFor->addItem(tr("1 h, then revert"), 3'600);
    m_keepFor->addItem(tr("until changed"), 0);
    keepLabel->setBuddy(m_keepFor);
    m_apply = new QPushButton(tr("Apply"), footer);
    m_apply->setObjectName(QStringLiteral("tuning_apply"));
    m_revert = new QPushButton(tr("Revert"), footer);
    m_revert->setObjectName(QStringLiteral("tuning_revert"));
    m_revert->setToolTip(tr("Forget what is staged; nothing was sent"));
    m_revert->setAccessibleName(tr("Revert staged changes"));
    m_revertConfigured = new QPushButton(tr("Revert to configured"), footer);
    m_revertConfigured->setObjectName(QStringLiteral("tuning_revertConfigured"));
    m_revertConfigured->setToolTip(
        tr("Drops the live changes; the configuration file rules again"));
    m_revertConfigured->setAccessibleName(m_revertConfigured->text());

    auto* grid = new QGridLayout(footer);
    grid->setContentsMargins(0, kSpaceSmall, 0, 0);
    grid->setSpacing(kSpace);
    grid->setColumnStretch(1, 1);
    grid->addWidget(m_predicted, 0, 0, 1, 3);
    grid->addWidget(m_drain, 1, 0, 1, 3);
    grid->addWidget(m_warning, 2, 0, 1, 3);
    grid->addWidget(keepLabel, 3, 0);
    grid->addWidget(m_keepFor, 3, 1, 1, 2);
    grid->addWidget(m_revert, 4, 0);
    grid->addWidget(m_apply, 4, 1, 1, 2);
    grid->addWidget(m_revertConfigured, 5, 0, 1, 3);
    grid->addWidget(m_result, 6, 0, 1, 3);
    connect(m_keepFor, &QComboBox::activated, this, [this] { m_isKeepForChosen = true; });
    connect(m_apply, &QPushButton::clicked, this, &TuningPanel::apply);
    connect(m_revert, &QPushButton::clicked, this, &TuningPanel::revert);
    connect(m_revertConfigured, &QPushButton::clicked, this, &TuningPanel::revertToConfigured);
    return footer;
}

void TuningPanel::setShards(std::vector<engine::ShardSnapshot> shards)
{
    const bool isSame = std::equal(shards.begin(), shards.end(), m_shards.begin(), m_shards.end(),
        [](const auto& a, const auto& b) { return a.shard == b.shard; });
    m_shards = std::move(shards);
    if (!isSame) {
        m_staged = {};
        m_isKeepForChosen = false;
        m_result->hide();
    }
    for (const Row& row : m_rows)
        showRow(row);
    showEffect();
    showButtons();
    if (!isSame)
        Q_EMIT stagedChanged();
}

void TuningPanel::focusFirst()
{
    m_rows.front().spin->setFocus(Qt::ShortcutFocusReason);
    m_rows.front().spin->selectAll();
}

std::optional<double> TuningPanel::stagedOf(Control control) const
{
    switch (control) {
    case Control::Concurrency:
        return m_staged.concurrency ? std::optional<double>(*m_staged.concurrency) : std::nullopt;
    case Control::Rate:
        return m_staged.rate;
    case Control::Batch:
        break;
    }
    return m_staged.batch ? std::optional<double>(*m_staged.batch) : std::nullopt;
}

void TuningPanel::stage(const Row& row, double value)
{
    const auto present = commonSetValue(m_shards, row.control);
    std::optional<double> wanted = value;
    if (present && std::abs(*present - value) < 0.0005)
        wanted.reset(); // back where it was: nothing to send
    const auto whole
        = wanted ? std::optional(static_cast<int>(std::lround(*wanted))) : std::nullopt;
    switch (row.control) {
    case Control::Concurrency:
        m_staged.concurrency = whole;
        break;
    case Control::Rate:
        m_staged.rate = wanted;
        break;
    case Control::Batch:
        m_staged.batch = whole;
        break;
    }
    if (!m_isKeepForChosen) {
        // A raise above what was planned should not outlive the moment by accident.
        const bool isTrial = raisesAboveConfigured(m_shards, m_staged);
        m_keepFor->setCurrentIndex(isTrial ? 0 : 2);
    }
    m_result->hide();
    showRow(row);
    showEffect();
    showButtons();
    Q_EMIT stagedChanged();
}

void TuningPanel::showRange(const Row& row) const
{
    const double end = axisEnd(m_shards, row.control);
    const bool mayBeUncapped = row.control == Control::Rate
        && std::any_of(m_shards.begin(), m_shards.end(),
            [](const auto& shard) { return shard.rate.configured <= 0; });
    const bool needsZero
        = mayBeUncapped || (!commonSetValue(m_shards, row.control) && !stagedOf(row.control));
    const double least = row.control == Control::Rate ? 1.0 / kRateScale : 1;
    row.spin->setRange(needsZero ? 0 : least, std::max(end, least));
    row.slider->setRange(1, std::max(1, static_cast<int>(std::lround(end * row.scale))));
    row.slider->setSingleStep(
        row.control == Control::Rate ? std::max(1, row.slider->maximum() / 200) : 1);
}

void TuningPanel::showRow(const Row& row)
{
    const QSignalBlocker spinBlocker(row.spin);
    const QSignalBlocker sliderBlocker(row.slider);
    const auto present = commonSetValue(m_shards, row.control);
    const auto staged = stagedOf(row.control);
    const bool isMixed = !m_shards.empty() && !present;
    showRange(row);
    row.spin->setEnabled(!m_shards.empty());
    row.slider->setEnabled(!m_shards.empty());
    row.spin->setSpecialValueText(isMixed && !staged ? tr("mixed", "several different values")
            : row.control == Control::Rate           ? tr("no cap")
                                                     : QString());
    const double shown = staged.value_or(present.value_or(0));
    row.spin->setValue(shown);
    const bool isUncapped = row.control == Control::Rate && shown <= 0;
    row.slider->setValue(
        isUncapped ? row.slider->maximum() : static_cast<int>(std::lround(shown * row.scale)));

    const auto mark = [&row](std::optional<double> value) -> std::optional<int> {
        if (!value || *value <= 0)
            return std::nullopt;
        return static_cast<int>(std::lround(*value * row.scale));
    };
    using Value = engine::TuningValue;
    MarkerSlider::Marks marks;
    marks.configured = mark(common(
        m_shards, row.control, [](const Value& v) { return std::optional<double>(v.configured); }));
    marks.ceiling = mark(common(m_shards, row.control, [](const Value& v) { return v.ceiling; }));
    marks.now = mark(
        common(m_shards, row.control, [](const Value& v) { return std::optional<double>(v.now); }));
    if (!m_shards.empty())
        marks.ceilingSource
            = ceilingSourceText(tuningOf(m_shards.front(), row.control).ceilingSource);
    marks.isStaged = staged.has_value();
    marks.isMixed = isMixed;
    row.slider->setMarks(marks);
    row.info->setText(rowInfo(row, shown));
}

QString TuningPanel::rowInfo(const Row& row, double shown) const
{
    if (m_shards.empty())
        return {};
    if (m_shards.size() > 1)
        return tr("%1 shards; staging sets all of them").arg(m_shards.size());
    const auto& value = tuningOf(m_shards.front(), row.control);
    QStringList parts;
    parts += tr("now %1").arg(formatControl(row.control, value.now));
    parts += tr("configured %1").arg(formatControl(row.control, value.configured));
    parts += value.ceiling ? tr("ceiling %1 %2", "number and where it comes from")
                                 .arg(formatControl(row.control, *value.ceiling),
                                     ceilingSourceWord(value.ceilingSource))
                           : tr("ceiling unknown");
    QString text = parts.join(QStringLiteral(" · "));
    if (row.control == Control::Rate && shown > 0) {
        const double batch = m_staged.batch.value_or(m_shards.front().batch.now);
        text += u'\n'
            + tr("%1/s is %2 events/min in batches of %3")
                  .arg(formatRequestRate(shown), formatExact(std::llround(shown * batch * 60)),
                      formatExact(std::llround(batch)));
    }
    return text;
}

void TuningPanel::showEffect()
{
    const bool isShown = !m_staged.isEmpty() && m_shards.size() == 1;
    m_predicted->setVisible(isShown);
    m_drain->setVisible(isShown);
    if (isShown) {
        const Prediction prediction = predict(m_shards.front(), m_staged);
        m_predicted->setText(tr("Predicted: %1").arg(predictionText(prediction)));
        m_drain->setText(drainText(prediction));
    }
    const QString warning = tuningWarning(m_shards, m_staged);
    m_warning->setText(warning);
    m_warning->setVisible(!warning.isEmpty());
}

void TuningPanel::showButtons()
{
    const int changes = m_staged.changes();
    m_header->setText(changes == 0 ? tr("Tuning")
            : changes == 1         ? tr("Tuning: 1 change staged")
                                   : tr("Tuning: %1 changes staged").arg(changes));
    m_apply->setEnabled(changes > 0 && !m_isPending);
    m_revert->setEnabled(changes > 0 && !m_isPending);
    const bool hasOverride = std::any_of(m_shards.begin(), m_shards.end(), [](const auto& shard) {
        return shard.concurrency.overridden || shard.rate.overridden || shard.batch.overridden;
    });
    m_revertConfigured->setEnabled(hasOverride && !m_isPending);
    m_keepFor->setEnabled(changes > 0 && !m_isPending);
    const bool isWarned = !m_warning->text().isEmpty();
    m_apply->setText(m_isPending ? tr("Applying…") : isWarned ? tr("Apply anyway") : tr("Apply"));
    m_apply->setAccessibleName(m_apply->text());
    m_apply->setToolTip(tr("Sends what is staged (Ctrl+Enter)"));
}

void TuningPanel::showResult(const QString& text, bool isGood)
{
    m_result->setText(text);
    m_result->setFont(isGood ? m_context.theme.bodyFont() : m_context.theme.boldFont());
    m_result->show();
}

std::optional<engine::Seconds> TuningPanel::keepFor() const
{
    const int seconds = m_keepFor->currentData().toInt();
    return seconds == 0 ? std::nullopt : std::optional(engine::Seconds { seconds });
}

void TuningPanel::apply()
{
    if (m_staged.isEmpty() || m_isPending || m_shards.empty())
        return;
    send(makeTuneCommand(m_shards, m_staged, keepFor()), tuningWarning(m_shards, m_staged), true);
}

void TuningPanel::revert()
{
    m_staged = {};
    m_isKeepForChosen = false;
    for (const Row& row : m_rows)
        showRow(row);
    showEffect();
    showButtons();
    Q_EMIT stagedChanged();
}

void TuningPanel::revertToConfigured()
{
    if (m_isPending || m_shards.empty())
        return;
    engine::TuneCommand command;
    for (const auto& shard : m_shards)
        command.targets.push_back(shard.shard);
    command.reset = true;
    send(command, {}, true);
}

void TuningPanel::send(const engine::TuneCommand& command, const QString& reason, bool isUndoable)
{
    m_isPending = true;
    showResult(tr("Sent, waiting for the engine…"), true);
    showButtons();
    engine::Command sent { .what = command };
    // A warning that was passed over belongs into the audit.
    if (!reason.isEmpty())
        sent.reason = tr("applied anyway: %1").arg(reason).toStdString();
    const auto done = [this, before = m_shards, staged = m_staged, isUndoable](const auto& result) {
        finish(result, staged);
        if (result.isOk && isUndoable)
            offerUndo(before, toQString(result.message));
    };
    m_runner.run(std::move(sent), done);
}

void TuningPanel::finish(const engine::CommandResult& result, const StagedTuning& sent)
{
    m_isPending = false;
    if (!result.isOk) {
        showResult(tr("Not applied: %1").arg(toQString(result.message)), false);
        showButtons();
        return;
    }
    // What was staged while the command was under way is still wanted.
    if (m_staged == sent) {
        m_staged = {};
        m_isKeepForChosen = false;
    }
    showResult(toQString(result.message), true);
    showEffect();
    showButtons();
    Q_EMIT applied();
    Q_EMIT stagedChanged();
}

void TuningPanel::offerUndo(const std::vector<engine::ShardSnapshot>& before, const QString& text)
{
    m_undo.offer(text, [this, commands = makeUndoCommands(before)] {
        for (const auto& command : commands)
            send(command, {}, false);
    });
}

} // namespace ui
