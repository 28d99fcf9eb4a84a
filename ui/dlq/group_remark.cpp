#include "dlq/group_remark.h"

#include "format/format.h"
#include "theme/theme.h"
#include "widgets/command_runner.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace ui {

QString groupStatusWord(engine::GroupStatus status)
{
    switch (status) {
    case engine::GroupStatus::New:
        return GroupRemark::tr("New");
    case engine::GroupStatus::Known:
        return GroupRemark::tr("Known");
    case engine::GroupStatus::FixPending:
        return GroupRemark::tr("Fix pending");
    case engine::GroupStatus::Fixed:
        return GroupRemark::tr("Fixed");
    case engine::GroupStatus::Regressed:
        return GroupRemark::tr("Regressed");
    }
    return {};
}

GroupRemark::GroupRemark(CommandRunner& runner, QWidget* parent)
    : QWidget(parent)
    , m_runner(runner)
    , m_status(new QComboBox(this))
    , m_note(new QLineEdit(this))
    , m_say(new QPushButton(tr("Set status"), this))
    , m_message(new QLabel(this))
{
    m_status->setObjectName(QStringLiteral("dlq_groupStatus"));
    m_status->setAccessibleName(tr("Status of the group"));
    for (const auto status : { engine::GroupStatus::New, engine::GroupStatus::Known,
             engine::GroupStatus::FixPending, engine::GroupStatus::Fixed })
        m_status->addItem(groupStatusWord(status), static_cast<int>(status));
    m_note->setObjectName(QStringLiteral("dlq_groupNote"));
    m_note->setAccessibleName(tr("Note on the group"));
    m_note->setPlaceholderText(tr("Note: owner, ticket"));
    m_note->setMaxLength(200);
    m_say->setObjectName(QStringLiteral("dlq_groupSay"));
    m_say->setAccessibleName(m_say->text());
    m_message->setObjectName(QStringLiteral("dlq_groupMessage"));
    m_message->setTextFormat(Qt::PlainText);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpaceSmall);
    row->addWidget(m_status);
    row->addWidget(m_note, 1);
    row->addWidget(m_say);
    row->addWidget(m_message);
    connect(m_say, &QPushButton::clicked, this, &GroupRemark::say);
    setGroup(nullptr);
}

void GroupRemark::setGuard(const Guard& guard)
{
    m_isAllowed = guard.isAllowed;
    setEnabled(m_hasGroup && m_isAllowed);
    setToolTip(guard.whyNot);
}

void GroupRemark::setGroup(const engine::DeadLetterGroup* group)
{
    m_hasGroup = group != nullptr;
    setEnabled(m_hasGroup && m_isAllowed);
    if (group == nullptr || group->fingerprint == m_fingerprint)
        return;
    m_fingerprint = group->fingerprint;
    const bool isRegressed = group->status == engine::GroupStatus::Regressed;
    const auto said = isRegressed ? engine::GroupStatus::Fixed : group->status;
    m_status->setCurrentIndex(m_status->findData(static_cast<int>(said)));
    m_note->setText(toQString(group->note));
    m_message->clear();
}

void GroupRemark::say()
{
    const engine::GroupStatusCommand command { .fingerprint = m_fingerprint,
        .status = static_cast<engine::GroupStatus>(m_status->currentData().toInt()),
        .note = m_note->text().toStdString() };
    m_message->setText(tr("Saving…"));
    m_runner.run({ .what = command }, [this](const engine::CommandResult& result) {
        m_message->setText(
            result.isOk ? tr("Saved") : tr("Not saved: %1").arg(toQString(result.message)));
        if (result.isOk)
            Q_EMIT said();
    });
}

} // namespace ui
