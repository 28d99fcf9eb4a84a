#include "window/incident_bar.h"

#include "format/format.h"
#include "models/shard_facts.h"
#include "replay/replay_draft.h"
#include "theme/theme.h"
#include "widgets/card.h"
#include "widgets/quiet_label.h"
#include "window/page.h"

#include <QAccessible>
#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace ui {

using engine::ShardState;

namespace {

constexpr int kMoreWidth = 52; // of the button for the chips that have no room
// In the order of their weight; the last ones are the first to go when the bar is narrow.
constexpr std::array kChipStates { ShardState::Failing, ShardState::AuthFailed, ShardState::Tripped,
    ShardState::Throttled, ShardState::Degraded, ShardState::Backlogged, ShardState::Paused,
    ShardState::NoData };

constexpr engine::Seconds kAnnounceInterval { 5 };
constexpr int kBadgeHeight = 26;
constexpr int kStaleShape = 16;

// The name of the profile on a ground of its own; the colours are its palette's.
class Badge final : public QLabel {
public:
    using QLabel::QLabel;

protected:
    void paintEvent(QPaintEvent* event) override
    {
        {
            QPainter painter(this);
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setPen(Qt::NoPen);
            painter.setBrush(palette().color(QPalette::Window));
            painter.drawRoundedRect(rect(), kCardRadius, kCardRadius);
        }
        QLabel::paintEvent(event);
    }
};

// What is said while nothing is wrong: the two signals that are looked at first.
QString calmText(const engine::EngineSnapshot& snapshot)
{
    engine::Millis lag { 0 };
    double growth = 0;
    for (const auto& shard : snapshot.shards) {
        lag = std::max(lag, shard.consumerLag);
        growth += shard.dlqGrowthPerMinute;
    }
    const QString waits = lag.count() == 0
        ? IncidentBar::tr("Nothing waits")
        : IncidentBar::tr("Longest wait %1").arg(formatDuration(lag));
    return waits
        + (growth < 0.05
                ? IncidentBar::tr(" · no new dead letters in 5 min")
                : IncidentBar::tr(" · %1 new dead letters a minute").arg(formatRate(growth)));
}

} // namespace

IncidentBar::IncidentBar(Theme& theme, QAction* pauseAll, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_profile(new Badge(this))
    , m_sale(new Badge(this))
    , m_staleShape(new QLabel(this))
    , m_headline(new QLabel(this))
    , m_calm(new QLabel(this))
    , m_jobs(new QToolButton(this))
    , m_totals(buildTotals())
    , m_pauseAll(new QToolButton(this))
    , m_clock(new QuietLabel(this))
    , m_zone(new QLabel(this))
{
    setObjectName(QStringLiteral("incident_bar"));
    // Inside a toolbar everything inherits the colours of buttons.
    setBackgroundRole(QPalette::Window);
    setForegroundRole(QPalette::WindowText);
    build(pauseAll);
    connect(&theme, &Theme::changed, this, &IncidentBar::restyle);
    restyle();
    showHeadline();
}

QWidget* IncidentBar::buildTotals()
{
    auto* totals = new QWidget(this);
    totals->setObjectName(QStringLiteral("incident_totals"));
    auto* row = new QHBoxLayout(totals);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpaceLarge + kSpaceSmall);
    for (const QString& caption : { tr("In"), tr("Out"), tr("Queue"), tr("DLQ") }) {
        auto* column = new QVBoxLayout;
        column->setSpacing(0);
        auto* title = new QLabel(caption, totals);
        auto* value = new QuietLabel(totals);
        title->setTextFormat(Qt::PlainText);
        title->setAlignment(Qt::AlignRight);
        value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        value->setText(QString(kDash));
        value->setMinimumWidth(58); // "184.2k" does not push its neighbours about
        column->addStretch();
        column->addWidget(title);
        column->addWidget(value);
        column->addStretch();
        m_totalCaptions.push_back(title);
        m_totalValues.push_back(value);
        row->addLayout(column);
    }
    return totals;
}

QHBoxLayout* IncidentBar::buildChips()
{
    auto* chips = new QHBoxLayout;
    chips->setSpacing(kSpaceSmall);
    chips->addWidget(m_calm);
    for (const auto state : kChipStates) {
        auto* button = new QToolButton(this);
        button->setObjectName(
            QStringLiteral("incident_chip_%1").arg(QLatin1String(engine::toString(state))));
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setFixedHeight(kHitTargetMin);
        button->setVisible(false);
        connect(button, &QToolButton::clicked, this, [this, state] { Q_EMIT stateChosen(state); });
        chips->addWidget(button);
        m_chips.push_back({ state, button, 0 });
    }
    m_more = new QToolButton(this);
    m_more->setObjectName(QStringLiteral("incident_more"));
    m_more->setFocusPolicy(Qt::StrongFocus);
    m_more->setFixedHeight(kHitTargetMin);
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->setMenu(new QMenu(m_more));
    m_more->hide();
    chips->addWidget(m_more);
    chips->addStretch();
    return chips;
}

void IncidentBar::build(QAction* pauseAll)
{
    m_profile->setObjectName(QStringLiteral("incident_profile"));
    m_sale->setObjectName(QStringLiteral("incident_sale"));
    m_sale->setVisible(false);
    m_headline->setObjectName(QStringLiteral("incident_headline"));
    m_clock->setObjectName(QStringLiteral("incident_clock"));
    m_calm->setObjectName(QStringLiteral("incident_calm"));
    for (QLabel* label :
        std::initializer_list<QLabel*> { m_profile, m_sale, m_headline, m_calm, m_zone })
        label->setTextFormat(Qt::PlainText);
    m_sale->setText(tr("SALE"));
    for (auto* badge : { m_profile, m_sale }) {
        badge->setAlignment(Qt::AlignCenter);
        badge->setFixedHeight(kBadgeHeight);
    }
    m_staleShape->setObjectName(QStringLiteral("incident_stale"));
    m_staleShape->setAccessibleName(tr("Old sample"));
    m_staleShape->setVisible(false);
    m_headline->setMinimumWidth(1); // a long problem does not push the totals out of the window
    m_jobs->setObjectName(QStringLiteral("incident_jobs"));
    m_jobs->setAccessibleName(tr("Running jobs"));
    m_jobs->setAutoRaise(true);
    m_jobs->setVisible(false);
    connect(m_jobs, &QToolButton::clicked, this, [this] {
        if (m_job)
            Q_EMIT jobChosen(engine::toInt(*m_job));
    });
    m_pauseAll->setDefaultAction(pauseAll);
    m_pauseAll->setObjectName(QStringLiteral("incident_pauseAll"));
    m_pauseAll->setAccessibleName(tr("Pause all destinations"));
    m_pauseAll->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_pauseAll->setMinimumHeight(28);
    m_pauseAll->setFocusPolicy(Qt::StrongFocus);

    auto* news = new QVBoxLayout;
    news->setSpacing(0);
    auto* head = new QHBoxLayout;
    head->setSpacing(kSpaceSmall);
    head->addWidget(m_staleShape);
    head->addWidget(m_headline, 1);
    news->addLayout(head);
    news->addLayout(buildChips());
    auto* clock = new QVBoxLayout;
    clock->setSpacing(0);
    m_clock->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_zone->setAlignment(Qt::AlignRight);
    clock->addStretch();
    clock->addWidget(m_clock);
    clock->addWidget(m_zone);
    clock->addStretch();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kSpace, kSpaceSmall, kSpaceLarge, kSpaceSmall);
    row->setSpacing(kSpaceLarge);
    row->addWidget(m_profile, 0, Qt::AlignVCenter);
    row->addWidget(m_sale, 0, Qt::AlignVCenter);
    row->addLayout(news, 1);
    row->addWidget(m_jobs);
    row->addWidget(m_totals);
    row->addWidget(m_pauseAll);
    row->addLayout(clock);
}

void IncidentBar::restyle()
{
    m_headline->setFont(m_theme.titleFont());
    m_staleShape->setPixmap(m_theme.icon(QStringLiteral("clock")).pixmap(kStaleShape));
    m_staleShape->setVisible(m_isStale);
    m_profile->setFont(m_theme.boldFont());
    m_sale->setFont(m_theme.boldFont());
    m_clock->setFont(m_theme.boldFont());
    m_clock->setRoomFor(QStringLiteral("00:00:00"));
    m_clock->setMinimumWidth(m_clock->sizeHint().width()); // half a time is none
    m_zone->setFont(m_theme.captionFont());
    QPalette quiet = palette();
    quiet.setColor(QPalette::WindowText, m_theme.color(Token::TextSecondary));
    m_zone->setPalette(quiet);
    m_calm->setPalette(quiet);
    for (auto* caption : m_totalCaptions) {
        caption->setFont(m_theme.captionFont());
        caption->setPalette(quiet);
    }
    QPalette numbers = palette();
    if (m_isStale)
        numbers.setColor(QPalette::WindowText, m_theme.color(Token::TextDisabled));
    for (auto* value : m_totalValues) {
        value->setFont(m_theme.boldFont());
        value->setPalette(numbers);
    }
    for (auto& chip : m_chips)
        chip.button->setIcon(m_theme.statusIcon(statusOf(chip.state)));
    // SIMULATOR and practice: a dark badge that belongs to no status; LIVE: the critical colour.
    QPalette badge = palette();
    badge.setColor(QPalette::Window,
        m_isLive ? m_theme.statusFill(Status::Critical) : m_theme.color(Token::TextSecondary));
    badge.setColor(QPalette::WindowText,
        m_isLive ? m_theme.statusLabel(Status::Critical) : m_theme.color(Token::Surface));
    m_profile->setPalette(badge);
    QPalette sale = palette();
    sale.setColor(QPalette::Window, m_theme.color(Token::TextSecondary));
    sale.setColor(QPalette::WindowText, m_theme.color(Token::Surface));
    m_sale->setPalette(sale);
    for (auto* one : { m_profile, m_sale })
        one->setContentsMargins(kSpace, kSpaceSmall, kSpace, kSpaceSmall);
    update();
}

void IncidentBar::applySnapshot(const engine::EngineSnapshot& snapshot)
{
    m_shards = static_cast<int>(snapshot.shards.size());
    m_hasDestinations = !snapshot.destinations.empty();
    m_inTrouble = static_cast<int>(std::count_if(snapshot.shards.begin(), snapshot.shards.end(),
        [](const auto& s) { return isInTrouble(s); }));
    m_problem.clear();
    if (!snapshot.store.canCommit)
        m_problem = tr("The store cannot commit: nothing is accepted or sent. %1")
                        .arg(toQString(snapshot.store.problem));
    else if (snapshot.store.isIngressStopped)
        m_problem = tr("Disk almost full: ingress answers 503.");
    else if (!snapshot.store.problem.empty())
        m_problem = toQString(snapshot.store.problem);
    else if (!snapshot.configProblem.empty())
        m_problem = tr("Configuration refused, the old one is in force: %1")
                        .arg(toQString(snapshot.configProblem));
    const bool isLive = snapshot.profileKind == "live";
    m_profile->setText(toQString(snapshot.profile).toUpper());
    if (isLive != m_isLive) {
        m_isLive = isLive;
        restyle();
    }
    double in = 0;
    double out = 0;
    std::int64_t queue = 0;
    for (const auto& shard : snapshot.shards) {
        in += shard.inPerSecond;
        out += shard.outPerSecond;
        queue += shard.queueDepth;
    }
    const std::array values { tr("%1/s").arg(formatRate(in)), tr("%1/s").arg(formatRate(out)),
        formatCount(queue), formatCount(snapshot.store.deadLetters) };
    for (std::size_t i = 0; i < values.size(); ++i)
        m_totalValues[i]->setText(values[i]);
    m_totals->setAccessibleName(tr("In %1, out %2, waiting %3, dead letters %4")
                                    .arg(values[0], values[1], values[2], values[3]));
    m_totals->setToolTip(tr("%1 deliveries waiting, %2 dead letters")
                             .arg(formatExact(queue), formatExact(snapshot.store.deadLetters)));
    m_calm->setText(calmText(snapshot));
    showSale(snapshot.sale);
    showJobs(snapshot); // before the chips, which get the room that it leaves
    showChips(snapshot);
    showHeadline();
}

void IncidentBar::showSale(const engine::SaleMode& sale)
{
    m_sale->setVisible(sale.isOn);
    QString text = sale.cause == engine::SaleMode::Cause::Operator
        ? tr("Sale mode, switched on by %1").arg(toQString(sale.who))
        : tr("Sale mode, in a window of the configuration");
    if (sale.until)
        text += QStringLiteral(" · ") + tr("until %1").arg(formatUtc(*sale.until));
    m_sale->setToolTip(text);
    m_sale->setAccessibleName(text);
}

void IncidentBar::showChips(const engine::EngineSnapshot& snapshot)
{
    for (auto& chip : m_chips) {
        chip.count = static_cast<int>(std::count_if(snapshot.shards.begin(), snapshot.shards.end(),
            [&](const auto& shard) { return shard.state == chip.state; }));
        const QString word = stateWord(chip.state);
        chip.button->setText(QStringLiteral("%1 %2").arg(chip.count).arg(word));
        chip.button->setAccessibleName(tr("%1: %2, show these shards").arg(word).arg(chip.count));
        chip.button->setToolTip(chip.button->accessibleName());
    }
    fitChips();
}

void IncidentBar::fitChips()
{
    // What does not fit goes into a menu, from the right: the gravest stay.
    int left = width() - m_profile->sizeHint().width() - m_totals->sizeHint().width()
        - m_pauseAll->sizeHint().width() - m_clock->sizeHint().width()
        - (m_sale->isVisibleTo(this) ? m_sale->sizeHint().width() + kSpaceLarge : 0)
        - (m_jobs->isVisibleTo(this) ? m_jobs->sizeHint().width() + kSpaceLarge : 0)
        - 7 * kSpaceLarge;
    const auto widthOf
        = [](const Chip& chip) { return chip.button->sizeHint().width() + kSpaceSmall; };
    int all = 0;
    for (const auto& chip : m_chips)
        all += chip.count > 0 ? widthOf(chip) : 0;
    if (all > left)
        left -= kMoreWidth;
    std::vector<const Chip*> leftOut;
    for (auto& chip : m_chips) {
        const bool isShown = chip.count > 0 && leftOut.empty() && widthOf(chip) <= left;
        chip.button->setVisible(isShown);
        if (isShown)
            left -= widthOf(chip);
        else if (chip.count > 0)
            leftOut.push_back(&chip);
    }
    showMore(leftOut);
    m_calm->setVisible(all == 0 && m_shards > 0);
}

void IncidentBar::showMore(const std::vector<const Chip*>& leftOut)
{
    QStringList names;
    for (const auto* chip : leftOut)
        names << chip->button->text();
    m_more->setVisible(!leftOut.empty());
    const QString text = names.join(QStringLiteral(", "));
    if (text == m_more->toolTip())
        return; // the menu may be open
    m_more->setText(QStringLiteral("+%1").arg(leftOut.size()));
    m_more->setToolTip(text);
    m_more->setAccessibleName(tr("Also: %1").arg(text));
    m_more->menu()->clear();
    for (const auto* chip : leftOut) {
        auto* action = m_more->menu()->addAction(chip->button->icon(), chip->button->text());
        connect(action, &QAction::triggered, this,
            [this, state = chip->state] { Q_EMIT stateChosen(state); });
    }
}

void IncidentBar::showJobs(const engine::EngineSnapshot& snapshot)
{
    QString text;
    m_job.reset();
    for (const auto& job : snapshot.jobs) {
        if (isOver(job)) // one that a guard stopped is not: it waits for somebody
            continue;
        if (!text.isEmpty()) {
            text += QStringLiteral(" …");
            break;
        }
        const int percent
            = job.total > 0 ? static_cast<int>(100 * (job.total - job.left()) / job.total) : 0;
        m_job = job.id;
        text = tr("Replay %1 %2 %").arg(jobName(job.id)).arg(percent);
        if (job.eta)
            text += u' ' + formatDuration(std::chrono::duration_cast<engine::Millis>(*job.eta));
        if (job.state != "running")
            text += QStringLiteral(" · ") + jobStateText(job);
    }
    m_jobs->setText(text);
    m_jobs->setVisible(!text.isEmpty());
}

void IncidentBar::setSampleAge(engine::Millis age)
{
    m_age = age;
    const bool isStale = age >= kStaleAfter;
    if (isStale != m_isStale) {
        m_isStale = isStale;
        restyle();
    }
    showHeadline();
}

void IncidentBar::showHeadline()
{
    QString text;
    if (m_isStale)
        text = tr("Engine not answering: last sample %1 ago").arg(formatDuration(m_age));
    else if (!m_problem.isEmpty())
        text = m_problem;
    else if (m_shards == 0)
        text = m_hasDestinations ? tr("Ready for a first event")
                                 : tr("No destinations in this profile");
    else if (m_inTrouble == 0)
        text = m_shards == 1 ? tr("The one shard delivers normally")
                             : tr("All %1 shards deliver normally").arg(m_shards);
    else
        text = m_inTrouble == 1
            ? tr("1 of %1 shards needs attention").arg(m_shards)
            : tr("%1 of %2 shards need attention").arg(m_inTrouble).arg(m_shards);
    if (text == m_headline->text())
        return;
    const bool isWorse = m_isStale || m_inTrouble > 0;
    m_headline->setText(text);
    m_headline->setToolTip(text);
    m_isAlertDue = m_isAlertDue || isWorse;
    announce();
}

// To a screen reader, at once but never more often than it can be listened to.
void IncidentBar::announce()
{
    if (!m_isAlertDue || (m_announcedAt && m_now - *m_announcedAt < kAnnounceInterval))
        return;
    m_isAlertDue = false;
    m_announcedAt = m_now;
    QAccessibleEvent event(m_headline, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
    Q_EMIT announced(m_headline->text());
}

QString IncidentBar::headline() const { return m_headline->text(); }

void IncidentBar::setTime(engine::WallTime now)
{
    m_now = now;
    announce();
    m_clock->setText(formatClock(now));
    m_zone->setText(zoneName(now));
    m_clock->setToolTip(formatUtc(now));
}

void IncidentBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitChips();
}

void IncidentBar::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Token::Surface));
    painter.setPen(m_theme.color(Token::GridLine));
    painter.drawLine(rect().bottomLeft(), rect().bottomRight());
    if (m_isLive) // the stripe that no other profile has
        painter.fillRect(QRect(0, 0, width(), 3), m_theme.statusFill(Status::Critical));
}

} // namespace ui
