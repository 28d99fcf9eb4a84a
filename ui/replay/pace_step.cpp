#include "replay/pace_step.h"

#include "format/format.h"
#include "theme/theme.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QGroupBox>
#include <QLabel>
#include <QRadioButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <cmath>

namespace ui {
namespace {

constexpr std::array<double, 3> kShares { 5, 20, 50 }; // percent: trickle, careful, half
constexpr int kFieldWidth = 150;

QDoubleSpinBox* makePercent(const QString& name, const QString& title, QWidget* parent)
{
    auto* spin = new QDoubleSpinBox(parent);
    spin->setObjectName(name);
    spin->setAccessibleName(title);
    spin->setDecimals(1);
    spin->setRange(0.1, 100); // not off: a guard that nothing can reach is none
    spin->setSuffix(PaceStep::tr(" %"));
    return spin;
}

} // namespace

PaceStep::PaceStep(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
{
    setObjectName(QStringLiteral("replay_pace"));
    m_estimate = new QLabel(this);
    m_estimate->setObjectName(QStringLiteral("replay_estimate"));
    m_estimate->setTextFormat(Qt::PlainText);
    m_estimate->setWordWrap(true);
    m_estimate->setFont(context.theme.boldFont());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceLarge);
    column->addWidget(makePace());
    column->addWidget(makeGuards());
    column->addWidget(m_estimate);
    column->addStretch(1);
    connect(this, &PaceStep::changed, this, [this] { showEstimate(*m_context.engine.snapshot()); });
}

QRadioButton* PaceStep::addRadio(QButtonGroup& group, const QString& text)
{
    auto* radio = new QRadioButton(text, this);
    radio->setAccessibleName(QString(text).remove(u'&'));
    group.addButton(radio);
    connect(radio, &QRadioButton::toggled, this, &PaceStep::changed);
    return radio;
}

QWidget* PaceStep::makePace()
{
    auto* box = new QGroupBox(tr("How much of what live traffic leaves may the replay use?"), this);
    auto* group = new QButtonGroup(box);
    for (const QString& name : { tr("&Trickle, 5 %"), tr("C&areful, 20 %"), tr("&Half, 50 %") })
        m_presets.push_back(addRadio(*group, name));
    m_custom = addRadio(*group, tr("&Custom share"));
    m_fixed = addRadio(*group, tr("&Fixed rate"));
    m_percent = makePercent(QStringLiteral("replay_percent"), tr("Share in percent"), box);
    m_percent->setDecimals(0);
    m_percent->setRange(1, 100);
    m_percent->setValue(30);
    m_rate = new QDoubleSpinBox(box);
    m_rate->setObjectName(QStringLiteral("replay_rate"));
    m_rate->setAccessibleName(tr("Records per second"));
    m_rate->setRange(0.1, 100'000);
    m_rate->setDecimals(1);
    m_rate->setValue(10);
    m_rate->setSuffix(tr(" records/s"));
    m_ramp = new QCheckBox(tr("&Ramp: 1, 10, 100, then full; each step needs 95 % accepted"), box);
    m_ramp->setObjectName(QStringLiteral("replay_ramp"));
    m_ramp->setAccessibleName(tr("Ramp up"));
    auto* grid = new QGridLayout(box);
    grid->setHorizontalSpacing(kSpace);
    grid->setColumnStretch(2, 1);
    int row = 0;
    for (auto* preset : m_presets)
        grid->addWidget(preset, row++, 0, 1, 2);
    for (const auto& [radio, spin] : { std::pair { m_custom, m_percent }, { m_fixed, m_rate } }) {
        spin->setFixedWidth(kFieldWidth);
        grid->addWidget(radio, row, 0);
        grid->addWidget(spin, row++, 1);
        connect(spin, &QDoubleSpinBox::valueChanged, this, [this, chosen = radio] {
            if (!m_isFilling)
                chosen->setChecked(true);
            Q_EMIT changed();
        });
    }
    grid->addWidget(m_ramp, row, 0, 1, 3);
    connect(m_ramp, &QCheckBox::toggled, this, &PaceStep::changed);
    m_presets[1]->setChecked(true);
    m_ramp->setChecked(true);
    return box;
}

QWidget* PaceStep::makeGuards()
{
    auto* box = new QGroupBox(tr("Guards"), this);
    box->setObjectName(QStringLiteral("replay_guards"));
    m_errorStop
        = makePercent(QStringLiteral("replay_guardErrors"), tr("Stop at this error share"), box);
    m_throttleHold = makePercent(QStringLiteral("replay_guardThrottle"),
        tr("Hold at this share of throttled requests"), box);
    m_lagHold = new QSpinBox(box);
    m_lagHold->setObjectName(QStringLiteral("replay_guardLag"));
    m_lagHold->setAccessibleName(tr("Hold at this live lag"));
    m_lagHold->setRange(1, 3'600);
    m_lagHold->setSuffix(tr(" s"));
    m_errorNow = new QLabel(tr("nothing was sent yet"), box);
    m_throttleNow = new QLabel(box);
    m_lagNow = new QLabel(box);
    auto* always = new QLabel(
        tr("It also stops when the first ones fail as they did before. Live events always go "
           "first."),
        box);
    always->setTextFormat(Qt::PlainText);
    always->setWordWrap(true);
    auto* grid = new QGridLayout(box);
    grid->setHorizontalSpacing(kSpace);
    grid->setColumnStretch(2, 1);
    addGuard(*grid, tr("&Stop when this share of the last 200 fails"), m_errorStop, m_errorNow);
    addGuard(*grid, tr("H&old while this share of requests is throttled"), m_throttleHold,
        m_throttleNow);
    addGuard(*grid, tr("Ho&ld while live deliveries of a shard are late by"), m_lagHold, m_lagNow);
    grid->addWidget(always, grid->rowCount(), 0, 1, 3);
    return box;
}

void PaceStep::addGuard(QGridLayout& grid, const QString& text, QWidget* spin, QLabel* now)
{
    const int row = grid.rowCount();
    auto* label = new QLabel(text, this);
    label->setBuddy(spin);
    spin->setFixedWidth(kFieldWidth);
    now->setTextFormat(Qt::PlainText);
    grid.addWidget(label, row, 0);
    grid.addWidget(spin, row, 1);
    grid.addWidget(now, row, 2);
}

void PaceStep::setDraft(const ReplayDraft& draft)
{
    m_draft = draft;
    m_isFilling = true;
    setPace(draft);
    m_ramp->setChecked(draft.isRamped);
    m_errorStop->setValue(draft.guards.errorStop * 100);
    m_throttleHold->setValue(draft.guards.throttleHold * 100);
    m_lagHold->setValue(static_cast<int>(draft.guards.liveLagHold.count()));
    m_isFilling = false;
    applySnapshot(*m_context.engine.snapshot());
}

void PaceStep::setPace(const ReplayDraft& draft)
{
    const auto preset = std::find(kShares.begin(), kShares.end(), draft.sharePercent);
    if (draft.rate) {
        m_rate->setValue(*draft.rate);
        m_fixed->setChecked(true);
    } else if (preset != kShares.end()) {
        m_presets[static_cast<std::size_t>(preset - kShares.begin())]->setChecked(true);
    } else {
        m_percent->setValue(draft.sharePercent);
        m_custom->setChecked(true);
    }
}

void PaceStep::writeTo(ReplayDraft& draft) const
{
    draft.rate.reset();
    for (std::size_t i = 0; i < kShares.size(); ++i) {
        if (m_presets[i]->isChecked())
            draft.sharePercent = kShares[i];
    }
    if (m_custom->isChecked())
        draft.sharePercent = m_percent->value();
    if (m_fixed->isChecked())
        draft.rate = m_rate->value();
    draft.isRamped = m_ramp->isChecked();
    draft.guards.errorStop = m_errorStop->value() / 100;
    draft.guards.throttleHold = m_throttleHold->value() / 100;
    draft.guards.liveLagHold = engine::Seconds { m_lagHold->value() };
}

void PaceStep::applySnapshot(const engine::EngineSnapshot& snapshot)
{
    double throttled = 0;
    engine::Millis lag { 0 };
    for (const auto& shard : snapshot.shards) {
        const bool isMeant = m_draft.preview
            && std::any_of(m_draft.preview->shards.begin(), m_draft.preview->shards.end(),
                [&shard](const auto& each) { return each.shard == shard.shard; });
        if (!isMeant)
            continue;
        throttled = std::max(throttled, shard.throttleRatio.value_or(0));
        lag = std::max(lag, shard.consumerLag);
    }
    const auto tell = [](QLabel& label, const QString& value, bool isHolding) {
        label.setText(isHolding ? PaceStep::tr("now %1: it would hold at once").arg(value)
                                : PaceStep::tr("now %1").arg(value));
    };
    tell(*m_throttleNow, formatPercent(throttled), throttled * 100 >= m_throttleHold->value());
    tell(*m_lagNow, formatDuration(lag), lag >= engine::Seconds { m_lagHold->value() });
    showEstimate(snapshot);
}

void PaceStep::showEstimate(const engine::EngineSnapshot& snapshot)
{
    ReplayDraft draft = m_draft;
    writeTo(draft);
    if (!draft.preview)
        return m_estimate->setText(tr("How long it takes is told as soon as it is counted."));
    const auto time = estimateTime(draft, snapshot);
    const QString count = formatExact(sendCount(draft));
    m_estimate->setText(time
            ? tr("%1 events: about %2 without the ramp, if live traffic stays as it is.")
                  .arg(count, formatDuration(*time))
            : tr("%1 events. How long it takes cannot be told: a ceiling is unknown, or live "
                 "traffic leaves nothing.")
                  .arg(count));
}

} // namespace ui
