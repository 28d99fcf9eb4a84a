#include "shard/shard_header.h"

#include "format/format.h"
#include "inspector/shard_text.h"
#include "models/shard_facts.h"
#include "theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>

#include <algorithm>

namespace ui {

namespace {

QString idOf(const engine::ShardId& shard) { return toQString(engine::toString(shard)); }

} // namespace

ShardHeader::ShardHeader(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_picker(new QComboBox(this))
    , m_title(new QLabel(this))
    , m_shape(new QLabel(this))
    , m_state(new QLabel(this))
{
    m_picker->setObjectName(QStringLiteral("shard_picker"));
    m_picker->setAccessibleName(tr("Shard shown on this page"));
    m_picker->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_picker->setMinimumContentsLength(28);
    m_picker->setMinimumHeight(kHitTargetMin + 2);
    m_title->setObjectName(QStringLiteral("shard_title"));
    m_state->setObjectName(QStringLiteral("shard_state"));
    for (auto* label : { m_title, m_state })
        label->setTextFormat(Qt::PlainText);
    m_title->hide(); // the picker says it; screen readers and tests read it here, unabridged
    QFont bold = theme.boldFont();
    m_picker->setFont(bold);
    m_state->setFont(theme.boldFont());
    m_state->setMinimumWidth(1);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpace);
    row->addWidget(m_picker);
    row->addSpacing(kSpaceSmall);
    row->addWidget(m_shape);
    row->addWidget(m_state, 1);
    connect(m_picker, &QComboBox::activated, this, [this](int index) {
        Q_EMIT shardChosen(
            engine::parseShardId(m_picker->itemData(index).toString().toStdString()));
    });
}

void ShardHeader::setShards(const engine::EngineSnapshot& snapshot)
{
    std::vector<engine::ShardId> wanted;
    for (const auto& shard : snapshot.shards)
        wanted.push_back(shard.shard);
    for (const auto& destination : snapshot.destinations) {
        if (destination.shards > 1)
            wanted.push_back({ destination.name, {} });
    }
    bool isSame = m_picker->count() == static_cast<int>(wanted.size());
    for (int i = 0; isSame && i < m_picker->count(); ++i)
        isSame = m_picker->itemData(i).toString() == idOf(wanted[static_cast<std::size_t>(i)]);
    if (isSame)
        return;
    m_picker->clear();
    for (const auto& shard : wanted)
        m_picker->addItem(shard.isWholeDestination() ? tr("%1, all shards").arg(shardName(shard))
                                                     : shardName(shard),
            idOf(shard));
    if (m_shard)
        choose(*m_shard);
}

std::optional<engine::ShardId> ShardHeader::first() const
{
    return m_picker->count() == 0
        ? std::nullopt
        : std::optional(engine::parseShardId(m_picker->itemData(0).toString().toStdString()));
}

void ShardHeader::choose(const engine::ShardId& shard)
{
    m_shard = shard;
    m_picker->setCurrentIndex(m_picker->findData(idOf(shard)));
    m_title->setText(shardLabel(shard));
    m_picker->setToolTip(shardName(shard));
}

void ShardHeader::showShard(const engine::ShardSnapshot* shard, engine::WallTime takenAt)
{
    const auto status = shard == nullptr ? Status::NoData : statusOf(*shard);
    m_shape->setPixmap(m_theme.statusIcon(status).pixmap(kShapeSize, kShapeSize));
    m_state->setText(
        shard == nullptr ? stateWord(engine::ShardState::NoData) : sentence(*shard, takenAt));
    m_state->setToolTip(m_state->text()); // many flags may not fit
}

QString ShardHeader::sentence(const engine::ShardSnapshot& shard, engine::WallTime takenAt) const
{
    const auto age = std::max(engine::Millis { 0 },
        std::chrono::duration_cast<engine::Millis>(takenAt - shard.stateSince));
    QString text = tr("%1 for %2").arg(stateSentence(shard), formatDuration(age));
    QStringList words;
    for (const auto state : shard.also)
        words << stateWord(state);
    if (!words.isEmpty())
        text += tr(" · also %1").arg(words.join(QStringLiteral(", ")));
    QStringList facts = flagTexts(shard, takenAt);
    facts.prepend(drainWords(shard));
    facts.removeAll({});
    for (const QString& fact : facts)
        text += QStringLiteral(" · ") + fact;
    return text;
}

void ShardHeader::setStale(bool isStale) { m_state->setEnabled(!isStale); }

} // namespace ui
