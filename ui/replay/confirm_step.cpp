#include "replay/confirm_step.h"

#include "format/format.h"
#include "theme/console_style.h"
#include "theme/theme.h"
#include "widgets/sheet_keys.h"
#include "widgets/undo_stack.h"

#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace ui {

ConfirmStep::ConfirmStep(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_text(new QLabel(this))
    , m_typedLabel(new QLabel(this))
    , m_typed(new QLineEdit(this))
    , m_reason(new QLineEdit(this))
    , m_start(new QPushButton(this))
    , m_hold(nullptr)
    , m_problem(new QLabel(this))
    , m_openJob(new QPushButton(this))
{
    m_text->setObjectName(QStringLiteral("replay_confirmText"));
    m_problem->setObjectName(QStringLiteral("replay_confirmProblem"));
    m_problem->setFont(context.theme.boldFont());
    for (auto* label : { m_text, m_problem }) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_typed->setObjectName(QStringLiteral("replay_typedCount"));
    m_typed->setAccessibleName(tr("Type the number of events"));
    m_typed->setMaximumWidth(160);
    m_typedLabel->setBuddy(m_typed);
    m_reason->setObjectName(QStringLiteral("replay_reason"));
    m_reason->setAccessibleName(tr("Reason for the audit"));
    m_reason->setPlaceholderText(tr("optional, for the audit"));
    m_reason->setMaxLength(200);
    m_start->setObjectName(QStringLiteral("replay_start"));
    m_start->setProperty(kPrimaryButton, true);
    m_openJob->setObjectName(QStringLiteral("replay_openJob"));
    auto* reasonLabel = new QLabel(tr("Rea&son"), this);
    reasonLabel->setBuddy(m_reason);
    m_hold = makeHold();

    auto* form = new QFormLayout;
    form->addRow(m_typedLabel, m_typed);
    form->addRow(reasonLabel, m_reason);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_start);
    buttons->addWidget(m_openJob);
    buttons->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceLarge);
    column->addWidget(m_text);
    column->addLayout(form);
    column->addWidget(m_problem);
    column->addLayout(buttons);
    column->addWidget(m_hold);
    column->addStretch(1);
    m_timer.setInterval(1'000);
    connect(&m_timer, &QTimer::timeout, this, &ConfirmStep::tick);
    connect(m_start, &QPushButton::clicked, this, &ConfirmStep::begin);
    connect(m_typed, &QLineEdit::textChanged, this, &ConfirmStep::showButtons);
    connect(m_reason, &QLineEdit::textChanged, this, &ConfirmStep::showButtons);
    connect(m_openJob, &QPushButton::clicked, this, [this] {
        if (m_conflict)
            Q_EMIT jobRequested(engine::toInt(*m_conflict));
    });
}

QWidget* ConfirmStep::makeHold()
{
    auto* hold = new QWidget(this);
    m_holdText = new QLabel(hold);
    m_holdText->setObjectName(QStringLiteral("replay_holdText"));
    m_holdText->setFont(m_context.theme.boldFont());
    m_holdBar = new QProgressBar(hold);
    m_holdBar->setAccessibleName(tr("Seconds until the replay starts"));
    m_holdBar->setRange(0, kHoldSeconds);
    m_holdBar->setTextVisible(false);
    m_holdBar->setMaximumWidth(240);
    m_holdCancel = new QPushButton(tr("Cancel"), hold);
    m_holdCancel->setObjectName(QStringLiteral("replay_holdCancel"));
    m_holdCancel->setAccessibleName(tr("Cancel the start"));
    auto* row = new QHBoxLayout(hold);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpace);
    row->addWidget(m_holdBar);
    row->addWidget(m_holdText);
    row->addWidget(m_holdCancel);
    row->addStretch(1);
    new SheetKeys(hold, [this] { cancelHold(); });
    connect(m_holdCancel, &QPushButton::clicked, this, &ConfirmStep::cancelHold);
    hold->hide();
    return hold;
}

void ConfirmStep::setDraft(const ReplayDraft& draft, const engine::EngineSnapshot& snapshot)
{
    cancelHold();
    m_draft = draft;
    m_isPending = false;
    m_text->setText(confirmSentence(draft));
    m_typedLabel->setText(tr("Type &%1 to confirm").arg(sendCount(draft)));
    m_typed->clear();
    m_guard = guardOf(draft, snapshot);
    showGuard();
    setProblem({});
}

void ConfirmStep::setGuard(const Guard& guard)
{
    m_guard = guard;
    if (!guard.isAllowed)
        cancelHold();
    showGuard();
    showButtons();
}

void ConfirmStep::showGuard()
{
    m_reason->setPlaceholderText(
        m_guard.needsReason ? tr("needed, for the audit") : tr("optional, for the audit"));
    m_typedLabel->setVisible(m_guard.needsTypedCount);
    m_typed->setVisible(m_guard.needsTypedCount);
    m_start->setToolTip(m_guard.whyNot);
}

void ConfirmStep::setPending()
{
    m_isPending = true;
    showButtons();
}

void ConfirmStep::setProblem(const QString& text, std::optional<engine::ReplayJobId> job)
{
    m_isPending = false;
    m_conflict = job;
    m_problem->setText(text);
    m_problem->setVisible(!text.isEmpty());
    m_openJob->setVisible(job.has_value());
    if (job) {
        m_openJob->setText(tr("Open %1").arg(jobName(*job)));
        m_openJob->setAccessibleName(m_openJob->text());
    }
    showButtons();
}

QString ConfirmStep::reason() const { return m_reason->text().trimmed(); }

void ConfirmStep::showButtons()
{
    const auto count = sendCount(m_draft);
    const bool isTyped
        = !m_guard.needsTypedCount || m_typed->text().trimmed() == QString::number(count);
    m_start->setText(
        m_isPending ? tr("Starting…") : tr("Replay %1 events").arg(formatExact(count)));
    m_start->setAccessibleName(m_start->text());
    const bool isReasoned = !m_guard.needsReason || !reason().isEmpty();
    m_start->setEnabled(
        m_guard.isAllowed && count > 0 && isTyped && isReasoned && !m_isPending && !isHolding());
}

void ConfirmStep::begin()
{
    if (!m_start->isEnabled())
        return;
    m_secondsLeft = kHoldSeconds + 1;
    m_timer.start();
    m_hold->show();
    m_undo = &UndoStack::of(*this);
    m_undo->offer(this, [this] { cancelHold(); });
    m_holdCancel->setFocus(Qt::OtherFocusReason); // before the button that had it is switched off
    tick();
}

void ConfirmStep::tick()
{
    if (m_secondsLeft <= 0)
        return;
    --m_secondsLeft;
    m_holdBar->setValue(kHoldSeconds - m_secondsLeft);
    m_holdText->setText(tr("Starting in %1 s").arg(m_secondsLeft));
    showButtons();
    if (m_secondsLeft > 0)
        return;
    m_timer.stop();
    m_undo->withdraw(this);
    m_hold->hide();
    Q_EMIT startRequested();
}

void ConfirmStep::cancelHold()
{
    m_timer.stop();
    m_secondsLeft = 0;
    if (m_undo)
        m_undo->withdraw(this);
    showButtons(); // first: the focus goes back to the button that started it
    m_hold->hide();
}

} // namespace ui
