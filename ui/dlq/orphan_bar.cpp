#include "dlq/orphan_bar.h"

#include "format/format.h"
#include "theme/theme.h"
#include "widgets/command_runner.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <numeric>

namespace ui {

OrphanBar::OrphanBar(CommandRunner& runner, QWidget* parent)
    : QFrame(parent)
    , m_runner(runner)
    , m_text(new QLabel(this))
    , m_move(new QPushButton(this))
{
    setObjectName(QStringLiteral("dlq_orphans"));
    setFrameShape(QFrame::StyledPanel);
    m_text->setObjectName(QStringLiteral("dlq_orphansText"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_move->setObjectName(QStringLiteral("dlq_orphansMove"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kSpace, kSpaceSmall, kSpaceSmall, kSpaceSmall);
    row->addWidget(m_text, 1);
    row->addWidget(m_move);
    connect(m_move, &QPushButton::clicked, this, &OrphanBar::move);
    hide();
}

void OrphanBar::setGuard(const Guard& guard)
{
    m_isAllowed = guard.isAllowed;
    m_move->setToolTip(guard.whyNot);
}

void OrphanBar::applySnapshot(const engine::EngineSnapshot& snapshot)
{
    if (m_isPending)
        return;
    m_destination.clear();
    std::int64_t waiting = 0;
    for (const auto& shard : snapshot.shards) {
        const bool isNext = shard.isOrphaned
            && (m_destination.empty() || m_destination == shard.shard.destination);
        const auto here
            = std::accumulate(shard.laneDepth.begin(), shard.laneDepth.end(), std::int64_t { 0 });
        if (!isNext || here == 0)
            continue;
        m_destination = shard.shard.destination;
        waiting += here;
    }
    setVisible(waiting > 0);
    if (waiting == 0)
        return;
    const QString count = formatExact(waiting);
    m_text->setText(tr("%1 deliveries wait for “%2”, which is not in the configuration. Put it "
                       "back under the same name and they go on; or move them to the dead letters.")
                        .arg(count, toQString(m_destination)));
    m_move->setText(tr("Move %1 to the DLQ").arg(count));
    m_move->setAccessibleName(m_move->text());
    m_move->setEnabled(m_isAllowed);
}

void OrphanBar::move()
{
    m_isPending = true;
    m_move->setEnabled(false);
    m_text->setText(tr("Moving…"));
    const engine::MoveOrphansCommand command { .destination = m_destination };
    m_runner.run({ .what = command }, [this](const engine::CommandResult& result) {
        m_isPending = false;
        if (!result.isOk)
            m_text->setText(tr("Not moved: %1").arg(toQString(result.message)));
    });
}

} // namespace ui
