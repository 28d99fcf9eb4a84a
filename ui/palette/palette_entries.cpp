#include "palette/palette_entries.h"

#include "format/format.h"
#include "palette/word_match.h"

#include <QAction>
#include <QCoreApplication>

#include <algorithm>

namespace ui {

namespace {

constexpr int kRecentBonus = 100; // a recent choice stands above everything that matches too
constexpr int kShardRank = 4; // at equal match an action comes before a shard
constexpr int kOnShardRank = 2;

struct Ranked {
    int rank { 0 };
    PaletteEntry entry {};
};

class Finder {
    Q_DECLARE_TR_FUNCTIONS(ui::PaletteEntries)
public:
    Finder(const QString& query, const PaletteSources& sources)
        : m_sources(sources)
    {
        const QString text = query.trimmed();
        if (!text.isEmpty() && QStringLiteral(">#@/").contains(text.front())) {
            m_prefix = text.front();
            m_text = text.mid(1).trimmed();
        } else {
            m_text = text;
        }
        m_words = wordsOf(m_text);
    }

    [[nodiscard]] std::vector<PaletteEntry> find()
    {
        if (m_prefix == u'@')
            addEvent();
        else if (m_prefix == u'/')
            addFilters();
        else {
            if (m_prefix != u'#') {
                addActions();
                addSettings();
            }
            if (m_prefix != u'>')
                addShards();
            if (m_prefix.isNull()) {
                addJobs();
                addSavedFilters();
            }
        }
        std::stable_sort(m_found.begin(), m_found.end(),
            [](const Ranked& a, const Ranked& b) { return a.rank < b.rank; });
        std::vector<PaletteEntry> entries;
        for (auto& one : m_found) {
            if (entries.size() == kPaletteEntriesMax)
                break;
            entries.push_back(std::move(one.entry));
        }
        return entries;
    }

private:
    void add(int rank, PaletteEntry entry)
    {
        const auto recent = m_sources.recents.indexOf(entry.id);
        if (recent >= 0)
            rank -= kRecentBonus - static_cast<int>(recent);
        m_found.push_back({ rank, std::move(entry) });
    }

    void addActions()
    {
        for (auto* action : m_sources.actions) {
            const QString title = titleOf(*action);
            const auto words = wordsOf(title);
            const auto rank = matchRank(m_words, words);
            if (rank && action->isEnabled())
                add(*rank,
                    { .id = action->objectName(),
                        .title = title,
                        .shortcut = action->shortcut().toString(QKeySequence::NativeText),
                        .action = action });
            if (action->property(kNeedsShard).toBool())
                addOnShards(*action, title, words);
        }
    }

    // "pause me": the words that begin the action's words, and others that begin a shard's.
    void addOnShards(QAction& action, const QString& title, const QStringList& words)
    {
        QStringList rest;
        for (const auto& word : m_words) {
            if (!matchRank({ word }, words))
                rest << word;
        }
        const bool isBlocked = action.property(kBlocked).toBool();
        if (rest.isEmpty() || rest.size() == m_words.size() || !m_sources.snapshot || isBlocked)
            return;
        for (const auto& shard : m_sources.snapshot->shards) {
            const auto rank = matchRank(rest, shardWords(shard));
            if (!rank)
                continue;
            auto entry = entryOf(shard);
            entry.kind = PaletteEntry::Kind::Action;
            entry.id = action.objectName() + u' ' + entry.id;
            entry.detail = entry.title + QStringLiteral("   ") + entry.detail;
            entry.title = title;
            entry.shortcut = action.shortcut().toString(QKeySequence::NativeText);
            entry.action = &action;
            add(*rank + kOnShardRank, std::move(entry));
        }
    }

    void addShards()
    {
        if (!m_sources.snapshot || (m_words.isEmpty() && m_prefix != u'#'))
            return;
        for (const auto& shard : m_sources.snapshot->shards) {
            const auto rank = matchRank(m_words, shardWords(shard));
            if (rank)
                add(*rank + kShardRank, entryOf(shard));
        }
    }

    [[nodiscard]] static QStringList shardWords(const engine::ShardSnapshot& shard)
    {
        return wordsOf(shardName(shard.shard) + u' ' + toQString(shard.platform) + u' '
            + stateWord(shard.state));
    }

    [[nodiscard]] static PaletteEntry entryOf(const engine::ShardSnapshot& shard)
    {
        return { .kind = PaletteEntry::Kind::Shard,
            .id = toQString(engine::toString(shard.shard)),
            .title = shardName(shard.shard),
            .detail = stateSentence(shard),
            .status = statusOf(shard),
            .shard = shard.shard };
    }

    void addJobs()
    {
        if (!m_sources.snapshot)
            return;
        for (const auto& job : m_sources.snapshot->jobs) {
            const QString name = tr("Replay R-%1").arg(engine::toInt(job.id));
            const auto rank = matchRank(m_words, wordsOf(name + u' ' + toQString(job.title)));
            if (rank && !m_words.isEmpty())
                add(*rank + kShardRank,
                    { .kind = PaletteEntry::Kind::Job,
                        .id = QStringLiteral("job %1").arg(engine::toInt(job.id)),
                        .title = name,
                        .detail = toQString(job.title),
                        .job = job.id });
        }
    }

    void addSettings()
    {
        if (m_words.isEmpty())
            return;
        for (qsizetype i = 0; i < m_sources.settings.size(); ++i) {
            const QString title = tr("Settings: %1").arg(m_sources.settings.at(i));
            const auto rank = matchRank(m_words, wordsOf(title));
            if (rank)
                add(*rank + kOnShardRank,
                    { .kind = PaletteEntry::Kind::Setting,
                        .id = QStringLiteral("setting %1").arg(i),
                        .title = title,
                        .number = static_cast<int>(i) });
        }
    }

    // By the words of the filter itself: "snap invalid" finds "dest:snap class:invalid".
    void addSavedFilters()
    {
        if (m_words.isEmpty() && m_prefix.isNull())
            return;
        for (const QString& line : m_sources.savedFilters) {
            const QString title = tr("Dead letters: %1").arg(line);
            const auto rank = matchRank(m_words, wordsOf(title));
            if (rank)
                add(*rank + kShardRank,
                    { .kind = PaletteEntry::Kind::SavedFilter,
                        .id = QStringLiteral("saved ") + line,
                        .title = title,
                        .text = line });
        }
    }

    void addEvent()
    {
        if (m_text.isEmpty())
            return;
        m_found.push_back({ 0,
            { .kind = PaletteEntry::Kind::Event,
                .id = u'@' + m_text,
                .title = tr("Find event %1").arg(m_text),
                .text = m_text } });
    }

    void addFilters()
    {
        QStringList texts = m_sources.filters.filter(m_text, Qt::CaseInsensitive);
        if (!m_text.isEmpty()) {
            texts.removeAll(m_text);
            texts.prepend(m_text);
        }
        for (const auto& text : texts)
            m_found.push_back({ 0,
                { .kind = PaletteEntry::Kind::Filter,
                    .id = u'/' + text,
                    .title = tr("Filter shards: %1").arg(text),
                    .text = text } });
        addSavedFilters();
    }

    const PaletteSources& m_sources;
    QChar m_prefix {};
    QString m_text {};
    QStringList m_words {};
    std::vector<Ranked> m_found {};
};

} // namespace

QString titleOf(const QAction& action)
{
    const QString full = action.property(kFullTitle).toString();
    return full.isEmpty() ? QString(action.text()).remove(u'&') : full;
}

std::vector<PaletteEntry> findEntries(const QString& query, const PaletteSources& sources)
{
    return Finder(query, sources).find();
}

} // namespace ui
