#include "inspector/tuning_row.h"

#include "format/format.h"
#include "inspector/marker_slider.h"
#include "theme/theme.h"

#include <QAbstractSpinBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>

#include <algorithm>
#include <cmath>

namespace ui {
namespace {

constexpr int kRateScale = 1'000; // slider steps per request/s
constexpr int kConcurrencyMax = 10'000; // what the engine takes

using Shards = std::vector<engine::ShardSnapshot>;

// The axis ends at twice the ceiling, so that the ceiling stands in sight of it; without one at
// twice what is used, with room to try.
double axisEnd(const Shards& shards, Control control)
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

std::optional<double> common(const Shards& shards, Control control,
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

TuningRow::TuningRow(Theme& theme, Control control, const QString& name, QWidget* parent)
    : QWidget(parent)
    , m_control(control)
    , m_scale(control == Control::Rate ? kRateScale : 1)
    , m_label(new QLabel(this))
    , m_spin(new QDoubleSpinBox(this))
    , m_slider(new MarkerSlider(theme, this))
    , m_info(new QLabel(this))
{
    build(theme, name);
    connect(m_spin, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        setTyped(false);
        Q_EMIT staged(value);
    });
    connect(m_spin, &QDoubleSpinBox::editingFinished, this, &TuningRow::dropTyped);
    connect(
        m_spin->findChild<QLineEdit*>(), &QLineEdit::textEdited, this, [this] { setTyped(true); });
    connect(m_slider, &MarkerSlider::sliderPressed, this, &TuningRow::dragStarted);
    connect(m_slider, &MarkerSlider::sliderReleased, this, &TuningRow::dragEnded);
    connect(m_slider, &MarkerSlider::valueChanged, this,
        [this](int value) { Q_EMIT staged(static_cast<double>(value) / m_scale); });
}

void TuningRow::build(Theme& theme, const QString& name)
{
    const bool isRate = m_control == Control::Rate;
    m_spin->setObjectName(name + QStringLiteral("Spin"));
    m_spin->setAccessibleName(controlName(m_control));
    m_spin->setDecimals(isRate ? 3 : 0);
    m_spin->setStepType(
        isRate ? QAbstractSpinBox::AdaptiveDecimalStepType : QAbstractSpinBox::DefaultStepType);
    m_spin->setAlignment(Qt::AlignRight);
    m_spin->setKeyboardTracking(false); // 1, 12, 120: only what was meant is staged
    m_spin->setMinimumWidth(112);
    m_label->setText(isRate               ? tr("&Rate, requests/s")
            : m_control == Control::Batch ? tr("&Batch size, events")
                                          : tr("&Concurrency, requests"));
    m_label->setBuddy(m_spin);
    m_slider->setObjectName(name + QStringLiteral("Slider"));
    m_slider->setAccessibleName(tr("%1 slider").arg(controlName(m_control)));
    m_slider->setScale(m_scale);
    m_info->setObjectName(name + QStringLiteral("Info"));
    m_info->setTextFormat(Qt::PlainText);
    m_info->setWordWrap(true);
    m_info->setFont(theme.captionFont());
    m_info->setForegroundRole(QPalette::PlaceholderText);
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, kSpaceSmall, 0, 0);
    grid->setVerticalSpacing(2);
    grid->setColumnStretch(0, 1);
    grid->addWidget(m_label, 0, 0);
    grid->addWidget(m_spin, 0, 1);
    grid->addWidget(m_slider, 1, 0, 1, 2);
    grid->addWidget(m_info, 2, 0, 1, 2);
}

bool TuningRow::isDragged() const { return m_slider->isSliderDown(); }

void TuningRow::focusField()
{
    m_spin->setFocus(Qt::ShortcutFocusReason);
    m_spin->selectAll();
}

void TuningRow::setTyped(bool isTyped)
{
    if (isTyped == m_isTyped)
        return;
    m_isTyped = isTyped;
    Q_EMIT typed();
}

void TuningRow::takeTyped()
{
    if (m_isTyped)
        m_spin->interpretText();
    setTyped(false);
}

void TuningRow::dropTyped() { setTyped(false); }

void TuningRow::setAllowed(bool isAllowed, const QString& whyNot)
{
    for (QWidget* part : { static_cast<QWidget*>(m_spin), static_cast<QWidget*>(m_slider) }) {
        part->setEnabled(isAllowed);
        part->setToolTip(whyNot);
    }
}

void TuningRow::show(const Shards& shards, const StagedTuning& staged)
{
    const QSignalBlocker spinBlocker(m_spin);
    const QSignalBlocker sliderBlocker(m_slider);
    const auto present = commonSetValue(shards, m_control);
    const auto value = stagedValue(staged, m_control);
    const bool isMixed = !shards.empty() && !present;
    const double shown = value.value_or(present.value_or(0));
    if (!m_isTyped) { // else the next sample would write over what is half typed
        showRange(shards, staged);
        m_spin->setSpecialValueText(isMixed && !value ? tr("mixed", "several different values")
                : m_control == Control::Rate          ? tr("no cap")
                                                      : QString());
        m_spin->setValue(shown);
    }
    const bool isUncapped = m_control == Control::Rate && shown <= 0;
    m_slider->setValue(
        isUncapped ? m_slider->maximum() : static_cast<int>(std::lround(shown * m_scale)));
    showMarks(shards, staged);
    m_info->setText(info(shards, staged, shown));
}

void TuningRow::showRange(const Shards& shards, const StagedTuning& staged) const
{
    const double end = axisEnd(shards, m_control);
    const bool mayBeUncapped = m_control == Control::Rate
        && std::any_of(shards.begin(), shards.end(),
            [](const auto& shard) { return shard.rate.configured <= 0; });
    const bool needsZero
        = mayBeUncapped || (!commonSetValue(shards, m_control) && !stagedValue(staged, m_control));
    const double least = m_control == Control::Rate ? 1.0 / kRateScale : 1;
    m_spin->setRange(needsZero ? 0 : least, std::max(end, least));
    m_slider->setRange(1, std::max(1, static_cast<int>(std::lround(end * m_scale))));
    m_slider->setSingleStep(
        m_control == Control::Rate ? std::max(1, m_slider->maximum() / 200) : 1);
}

void TuningRow::showMarks(const Shards& shards, const StagedTuning& staged)
{
    const auto mark = [this](std::optional<double> value) -> std::optional<int> {
        if (!value || *value <= 0)
            return std::nullopt;
        return static_cast<int>(std::lround(*value * m_scale));
    };
    using Value = engine::TuningValue;
    MarkerSlider::Marks marks;
    marks.configured = mark(common(
        shards, m_control, [](const Value& v) { return std::optional<double>(v.configured); }));
    marks.ceiling = mark(common(shards, m_control, [](const Value& v) { return v.ceiling; }));
    marks.now = mark(
        common(shards, m_control, [](const Value& v) { return std::optional<double>(v.now); }));
    if (!shards.empty())
        marks.ceilingSource = ceilingSourceText(tuningOf(shards.front(), m_control).ceilingSource);
    marks.isStaged = stagedValue(staged, m_control).has_value();
    marks.isMixed = !shards.empty() && !commonSetValue(shards, m_control);
    m_slider->setMarks(marks);
}

QString TuningRow::info(const Shards& shards, const StagedTuning& staged, double shown) const
{
    if (shards.empty())
        return {};
    if (shards.size() > 1)
        return tr("%1 shards; staging sets all of them").arg(shards.size());
    const auto& value = tuningOf(shards.front(), m_control);
    QStringList parts;
    parts += tr("now %1").arg(formatControl(m_control, value.now));
    parts += tr("configured %1").arg(formatControl(m_control, value.configured));
    parts += value.ceiling
        ? tr("ceiling %1 %2", "number and where it comes from")
              .arg(formatControl(m_control, *value.ceiling), ceilingSourceWord(value.ceilingSource))
        : tr("ceiling unknown");
    QString text = parts.join(QStringLiteral(" · "));
    if (m_control == Control::Rate && shown > 0) {
        const double batch = staged.batch.value_or(shards.front().batch.now);
        text += u'\n'
            + tr("%1/s is %2 events/min in batches of %3")
                  .arg(formatRequestRate(shown), formatExact(std::llround(shown * batch * 60)),
                      formatExact(std::llround(batch)));
    }
    return text;
}

} // namespace ui
