#include "settings/settings_pages.h"

#include "models/shard_facts.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>

namespace ui {

namespace {

// A choice with a label that is its buddy; one kind of control for every setting here.
QComboBox* addChoice(
    QWidget* page, const QString& name, const QString& label, const QStringList& choices)
{
    auto* box = new QComboBox(page);
    box->setObjectName(name);
    box->addItems(choices);
    box->setAccessibleName(QString(label).remove(u'&'));
    box->setMinimumHeight(kHitTargetMin + 2);
    auto* form = static_cast<QFormLayout*>(page->layout());
    form->addRow(label, box);
    return box;
}

QLabel* addNote(QWidget* page, const QString& text)
{
    auto* note = new QLabel(text, page);
    note->setTextFormat(Qt::PlainText);
    note->setWordWrap(true);
    static_cast<QFormLayout*>(page->layout())->addRow(note);
    return note;
}

void prepareForm(QWidget* page)
{
    auto* form = new QFormLayout(page);
    form->setHorizontalSpacing(kSpaceLarge);
    form->setVerticalSpacing(kSpace);
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    form->setLabelAlignment(Qt::AlignLeft);
}

} // namespace

SettingsPage::SettingsPage(ConsoleSettings settings, QWidget* parent)
    : QWidget(parent)
    , m_settings(std::move(settings))
{
    prepareForm(this);
}

void SettingsPage::setSettings(const ConsoleSettings& settings)
{
    if (settings == m_settings)
        return;
    m_settings = settings;
    const QSignalBlocker block(this);
    showSettings();
}

void SettingsPage::edit(const std::function<void(ConsoleSettings&)>& change)
{
    auto edited = m_settings;
    change(edited);
    if (edited == m_settings)
        return;
    m_settings = edited;
    showSettings();
    Q_EMIT changed();
}

QString SettingsPage::searchText() const
{
    QStringList texts;
    for (const auto* label : findChildren<QLabel*>())
        texts << QString(label->text()).remove(u'&');
    for (const auto* box : findChildren<QComboBox*>()) {
        for (int i = 0; i < box->count(); ++i)
            texts << box->itemText(i);
    }
    return texts.join(u'\n');
}

AppearancePage::AppearancePage(const ConsoleSettings& settings, QWidget* parent)
    : SettingsPage(settings, parent)
    , m_theme(addChoice(this, QStringLiteral("settings_theme"), tr("&Theme"),
          { tr("As the desktop"), tr("Light"), tr("Dark") }))
    , m_density(addChoice(this, QStringLiteral("settings_density"), tr("&Rows of tables"),
          { tr("Compact, 22 px"), tr("Normal, 24 px"), tr("Comfortable, 30 px") }))
    , m_motion(addChoice(this, QStringLiteral("settings_motion"), tr("&Motion"),
          { tr("As usual"), tr("Reduced: menus and panels appear at once") }))
{
    connect(m_theme, &QComboBox::activated, this, [this](int row) {
        edit([row](auto& s) { s.appearance.theme = static_cast<ThemeMode>(row); });
    });
    connect(m_density, &QComboBox::activated, this, [this](int row) {
        edit([row](auto& s) { s.appearance.density = static_cast<Density>(row); });
    });
    connect(m_motion, &QComboBox::activated, this,
        [this](int row) { edit([row](auto& s) { s.appearance.isMotionReduced = row == 1; }); });
    AppearancePage::showSettings();
}

void AppearancePage::showSettings()
{
    const auto& appearance = settings().appearance;
    m_theme->setCurrentIndex(static_cast<int>(appearance.theme));
    m_density->setCurrentIndex(static_cast<int>(appearance.density));
    m_motion->setCurrentIndex(appearance.isMotionReduced ? 1 : 0);
}

void AppearancePage::reset()
{
    edit([](auto& s) { s.appearance = {}; });
}

ChartsPage::ChartsPage(const ConsoleSettings& settings, QWidget* parent)
    : SettingsPage(settings, parent)
    , m_span(addChoice(this, QStringLiteral("settings_chartSpan"), tr("Charts &begin with"),
          { tr("the last 15 minutes"), tr("the last hour"), tr("the last 6 hours"),
              tr("the last 24 hours") }))
    , m_axis(addChoice(this, QStringLiteral("settings_chartAxis"), tr("Axis of &depth and lag"),
          { tr("Linear"), tr("Logarithmic") }))
{
    addNote(this,
        tr("Both can be changed on the page at any time: [ and ] for the window, L for the axis."));
    connect(m_span, &QComboBox::activated, this, [this](int row) {
        edit([row](auto& s) { s.charts.span = static_cast<engine::HistorySpan>(row); });
    });
    connect(m_axis, &QComboBox::activated, this,
        [this](int row) { edit([row](auto& s) { s.charts.isLogarithmic = row == 1; }); });
    ChartsPage::showSettings();
}

void ChartsPage::showSettings()
{
    m_span->setCurrentIndex(static_cast<int>(settings().charts.span));
    m_axis->setCurrentIndex(settings().charts.isLogarithmic ? 1 : 0);
}

void ChartsPage::reset()
{
    edit([](auto& s) { s.charts = {}; });
}

TimePage::TimePage(const ConsoleSettings& settings, QWidget* parent)
    : SettingsPage(settings, parent)
    , m_zone(addChoice(this, QStringLiteral("settings_zone"), tr("&Times on screen"),
          { tr("In the zone of this machine"), tr("In UTC") }))
{
    addNote(this,
        tr("Tooltips, exports and copied values always say UTC. Numbers follow the language "
           "of the desktop: %1, %2.")
            .arg(formatExact(184'231), formatPercent(0.031)));
    connect(m_zone, &QComboBox::activated, this,
        [this](int row) { edit([row](auto& s) { s.time.zone = static_cast<ClockZone>(row); }); });
    TimePage::showSettings();
}

void TimePage::showSettings() { m_zone->setCurrentIndex(static_cast<int>(settings().time.zone)); }

void TimePage::reset()
{
    edit([](auto& s) { s.time = {}; });
}

EnginePage::EnginePage(const QString& note, const Facts& facts, QWidget* parent)
    : SettingsPage({}, parent)
{
    addNote(this, note);
    static_cast<QFormLayout*>(layout())->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    for (const auto& [name, value] : facts) {
        auto* label = new QLabel(value, this);
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        static_cast<QFormLayout*>(layout())->addRow(name, label);
    }
}

EnginePage::Facts profileFacts(const engine::EngineSnapshot& snapshot)
{
    const auto orDash
        = [](const std::string& text) { return text.empty() ? QString(kDash) : toQString(text); };
    return { { EnginePage::tr("Profile"), orDash(snapshot.profile) },
        { EnginePage::tr("Kind"), orDash(snapshot.profileKind) },
        { EnginePage::tr("Configuration file"), orDash(snapshot.configPath) },
        { EnginePage::tr("Takes events at"), orDash(snapshot.ingressUrl) },
        { EnginePage::tr("Control address"), orDash(snapshot.controlUrl) } };
}

EnginePage::Facts thresholdFacts()
{
    const Thresholds t;
    const auto minutes = formatDuration(t.lagCritical);
    return { { EnginePage::tr("Consumer lag"),
                 EnginePage::tr("backlogged from %1, urgent from %2")
                     .arg(formatDuration(t.lagWarn), minutes) },
        { EnginePage::tr("Queue depth"),
            EnginePage::tr("high from %1 s of work, at least %2")
                .arg(t.depthWarnSeconds)
                .arg(formatExact(t.depthWarnMin)) },
        { EnginePage::tr("Platform p95"),
            EnginePage::tr("degraded from %1, or twice the day's median")
                .arg(formatLatency(t.latencyWarn)) },
        { EnginePage::tr("Error rate"),
            EnginePage::tr("degraded from %1, failing from 25 %").arg(formatPercent(t.errorWarn)) },
        { EnginePage::tr("Throttling"),
            EnginePage::tr("throttled from %1 of requests").arg(formatPercent(t.throttleWarn)) },
        { EnginePage::tr("DLQ growth"),
            EnginePage::tr("degraded from %1/min, failing from 60/min").arg(t.dlqGrowthWarn) } };
}

EnginePage::Facts retentionFacts(const engine::EngineSnapshot& snapshot)
{
    const auto& store = snapshot.store;
    return { { EnginePage::tr("Journal"), formatBytes(store.journalBytes) },
        { EnginePage::tr("Free on disk"),
            EnginePage::tr("%1 of %2")
                .arg(formatBytes(store.diskFreeBytes), formatBytes(store.diskTotalBytes)) },
        { EnginePage::tr("Events kept"), formatExact(store.events) },
        { EnginePage::tr("Deliveries waiting"), formatExact(store.waiting) },
        { EnginePage::tr("Dead letters"), formatExact(store.deadLetters) },
        { EnginePage::tr("Removed by retention"),
            EnginePage::tr("%1 since the engine started")
                .arg(formatExact(store.removedByRetentionTotal)) } };
}

} // namespace ui
