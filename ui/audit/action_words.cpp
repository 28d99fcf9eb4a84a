#include "audit/action_words.h"

#include "format/format.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace ui {
namespace {

constexpr std::array<std::pair<std::string_view, const char*>, 31> kWords { {
    { "pause", QT_TRANSLATE_NOOP("ui::AuditActions", "Pause") },
    { "pause_retries", QT_TRANSLATE_NOOP("ui::AuditActions", "Pause retries") },
    { "resume", QT_TRANSLATE_NOOP("ui::AuditActions", "Resume") },
    { "tune", QT_TRANSLATE_NOOP("ui::AuditActions", "Tune") },
    { "revert_tuning", QT_TRANSLATE_NOOP("ui::AuditActions", "Revert tuning") },
    { "keep_tuning", QT_TRANSLATE_NOOP("ui::AuditActions", "Keep trial") },
    { "revert_trial", QT_TRANSLATE_NOOP("ui::AuditActions", "End trial") },
    { "probe", QT_TRANSLATE_NOOP("ui::AuditActions", "Probe") },
    { "archive", QT_TRANSLATE_NOOP("ui::AuditActions", "Archive") },
    { "restore", QT_TRANSLATE_NOOP("ui::AuditActions", "Restore") },
    { "purge", QT_TRANSLATE_NOOP("ui::AuditActions", "Purge") },
    { "group_status", QT_TRANSLATE_NOOP("ui::AuditActions", "Group status") },
    { "move_orphans", QT_TRANSLATE_NOOP("ui::AuditActions", "Move to the DLQ") },
    { "replay", QT_TRANSLATE_NOOP("ui::AuditActions", "Start replay") },
    { "replay_pause", QT_TRANSLATE_NOOP("ui::AuditActions", "Pause replay") },
    { "replay_resume", QT_TRANSLATE_NOOP("ui::AuditActions", "Resume replay") },
    { "replay_cancel", QT_TRANSLATE_NOOP("ui::AuditActions", "Cancel replay") },
    { "replay_pace", QT_TRANSLATE_NOOP("ui::AuditActions", "Replay pace") },
    { "reload", QT_TRANSLATE_NOOP("ui::AuditActions", "Reload") },
    { "sale_mode", QT_TRANSLATE_NOOP("ui::AuditActions", "Sale mode") },
    { "thresholds", QT_TRANSLATE_NOOP("ui::AuditActions", "Thresholds") },
    { "undo", QT_TRANSLATE_NOOP("ui::AuditActions", "Undo") },
    { "refused", QT_TRANSLATE_NOOP("ui::AuditActions", "Refused") },
    { "export", QT_TRANSLATE_NOOP("ui::AuditActions", "Export") },
    { "unmask", QT_TRANSLATE_NOOP("ui::AuditActions", "Unmask") },
    { "mask", QT_TRANSLATE_NOOP("ui::AuditActions", "Mask again") },
    { "settings", QT_TRANSLATE_NOOP("ui::AuditActions", "Settings") },
    { "group_merge", QT_TRANSLATE_NOOP("ui::AuditActions", "Merge groups") },
    { "group_take_out", QT_TRANSLATE_NOOP("ui::AuditActions", "Take out of a group") },
    { "group_split", QT_TRANSLATE_NOOP("ui::AuditActions", "Split by account") },
    { "group_join", QT_TRANSLATE_NOOP("ui::AuditActions", "Join accounts") },
} };

} // namespace

QString actionWord(const std::string& action)
{
    const auto found = std::find_if(
        kWords.begin(), kWords.end(), [&](const auto& word) { return word.first == action; });
    return found == kWords.end() ? toQString(action)
                                 : QCoreApplication::translate("ui::AuditActions", found->second);
}

std::vector<engine::ShardId> shardsOf(const engine::AuditRow& row)
{
    static constexpr std::array<std::string_view, 9> kOnShards { "pause", "pause_retries", "resume",
        "tune", "revert_tuning", "keep_tuning", "revert_trial", "probe", "undo" };
    std::vector<engine::ShardId> shards;
    if (std::find(kOnShards.begin(), kOnShards.end(), row.action) == kOnShards.end())
        return shards;
    for (const QString& name :
        toQString(row.target).split(QStringLiteral(", "), Qt::SkipEmptyParts))
        shards.push_back(engine::parseShardId(name.toStdString()));
    return shards;
}

} // namespace ui
