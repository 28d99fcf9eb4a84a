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
    auto* caption = new QLabel(label, page);
    caption->setBuddy(box);
    caption->setContentsMargins(
        0, 0, 2, 0); // an underlined letter makes the text wider than its hint
    form->addRow(caption, box);
    return box;
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

void SettingsPage::addNote(const QString& text)
{
    auto* note = new QLabel(text, this);
    note->setTextFormat(Qt::PlainText);
    note->setWordWrap(true);
    static_cast<QFormLayout*>(layout())->addRow(note);
}

void SettingsPage::addFact(const QString& name, const QString& value, const QString& objectName)
{
    auto* form = static_cast<QFormLayout*>(layout());
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    auto* label = new QLabel(value, this);
    label->setObjectName(objectName);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    form->addRow(name, label);
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
    addNote(
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

TuningPage::TuningPage(const ConsoleSettings& settings, QWidget* parent)
    : SettingsPage(settings, parent)
    , m_dragging(addChoice(this, QStringLiteral("settings_dragging"), tr("&Apply while dragging"),
          { tr("in the simulator only"), tr("always"), tr("never: Apply sends") }))
{
    addNote(tr("A slider that is dragged is then applied four times a second, and one undo takes "
               "the whole drag back. What needs a reason or a warning waits for Apply, whatever "
               "stands here."));
    connect(m_dragging, &QComboBox::activated, this, [this](int row) {
        edit([row](auto& s) { s.tuning.applies = static_cast<TuningSettings::Dragging>(row); });
    });
    TuningPage::showSettings();
}

void TuningPage::showSettings()
{
    m_dragging->setCurrentIndex(static_cast<int>(settings().tuning.applies));
}

void TuningPage::reset()
{
    edit([](auto& s) { s.tuning = {}; });
}

TimePage::TimePage(const ConsoleSettings& settings, QWidget* parent)
    : SettingsPage(settings, parent)
    , m_zone(addChoice(this, QStringLiteral("settings_zone"), tr("&Times on screen"),
          { tr("In the zone of this machine"), tr("In UTC") }))
{
    addNote(tr("Tooltips, exports and copied values always say UTC. Numbers follow the language "
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

NotificationPage::NotificationPage(const ConsoleSettings& settings, QWidget* parent)
    : SettingsPage(settings, parent)
    , m_attention(
          addChoice(this, QStringLiteral("settings_attention"), tr("&When a shard gets critical"),
              { tr("Ask for attention in the taskbar"), tr("Say it in the window only") }))
{
    addNote(tr("Critical is: failing, credential refused, or circuit open. The taskbar asks only "
               "while no window of Spillway is active, and not twice within five seconds. Screen "
               "readers are told in either case."));
    connect(m_attention, &QComboBox::activated, this,
        [this](int row) { edit([row](auto& s) { s.notifications.asksAttention = row == 0; }); });
    NotificationPage::showSettings();
}

void NotificationPage::showSettings()
{
    m_attention->setCurrentIndex(settings().notifications.asksAttention ? 0 : 1);
}

void NotificationPage::reset()
{
    edit([](auto& s) { s.notifications = {}; });
}

QString safetyWord(engine::SafetyLevel level)
{
    switch (level) {
    case engine::SafetyLevel::Practice:
        return ProfilePage::tr("Practice");
    case engine::SafetyLevel::Standard:
        return ProfilePage::tr("Standard");
    case engine::SafetyLevel::Guarded:
        return ProfilePage::tr("Guarded");
    case engine::SafetyLevel::Observe:
        return ProfilePage::tr("Observe");
    }
    return {};
}

ProfilePage::ProfilePage(const engine::EngineSnapshot& snapshot, QWidget* parent)
    : EnginePage(parent)
{
    const auto orDash
        = [](const std::string& text) { return text.empty() ? QString(kDash) : toQString(text); };
    addNote(tr("The profile and its level stand in the configuration file, which is read again "
               "within two seconds: [profile] with name, kind, safety and above_ceiling. Whoever "
               "may write that file decides; no window can lower its own guard."));
    addFact(tr("Profile"), orDash(snapshot.profile));
    addFact(tr("Kind"), orDash(snapshot.profileKind));
    addFact(tr("Safety level"), safetyWord(snapshot.safety), QStringLiteral("settings_safety"));
    addFact(tr("Above a ceiling"),
        snapshot.isAboveCeilingAllowed ? tr("allowed, after a warning") : tr("not allowed"));
    addFact(tr("Configuration file"), orDash(snapshot.configPath));
    addFact(tr("Takes events at"), orDash(snapshot.ingressUrl));
    addFact(tr("Control address"), orDash(snapshot.controlUrl));
    addNote(tr("What each level asks:"));
    addFact(safetyWord(engine::SafetyLevel::Observe),
        tr("Nothing can be changed: every such button is off and says so."));
    addFact(safetyWord(engine::SafetyLevel::Practice),
        tr("Nearly everything happens at once; undo takes it back."));
    addFact(safetyWord(engine::SafetyLevel::Standard),
        tr("Pausing everything and resuming a long queue say first what they mean."));
    addFact(safetyWord(engine::SafetyLevel::Guarded),
        tr("For live traffic. Tuning is a trial of 10 minutes, every pause says first what it "
           "means, replays and purges want a reason and the count typed in."));
}

RetentionPage::RetentionPage(const engine::EngineSnapshot& snapshot, QWidget* parent)
    : EnginePage(parent)
{
    addNote(tr("How long things are kept stands in the configuration file under [retention]. What "
               "waits and dead letters that are not archived are never removed."));
    const auto& kept = snapshot.retention;
    addFact(tr("Events"), tr("%1 after their last delivery").arg(formatDuration(kept.events)));
    addFact(tr("Archived dead letters"), formatDuration(kept.archived));
    addFact(tr("Audit"), formatDuration(kept.audit));
    addFact(tr("Ids against duplicates"), formatDuration(kept.dedup));
    addFact(tr("Largest journal"),
        kept.bytesMax > 0 ? formatBytes(kept.bytesMax) : tr("no limit but the disk"));
    addNote(tr("Now:"));
    const auto& store = snapshot.store;
    addFact(tr("Journal"), formatBytes(store.journalBytes));
    addFact(tr("Free on disk"),
        tr("%1 of %2").arg(formatBytes(store.diskFreeBytes), formatBytes(store.diskTotalBytes)));
    addFact(tr("Events kept"), formatExact(store.events));
    addFact(tr("Deliveries waiting"), formatExact(store.waiting));
    addFact(tr("Dead letters"), formatExact(store.deadLetters));
    addFact(tr("Removed by retention"),
        tr("%1 since the engine started").arg(formatExact(store.removedByRetentionTotal)));
}

} // namespace ui
