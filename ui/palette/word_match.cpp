#include "palette/word_match.h"

#include <algorithm>

namespace ui {

namespace {

constexpr int kInitialsRank = 20; // worse than any word start

// "pr" spells the starts of "pause" and "retries".
bool isSpelledByInitials(const QString& letters, const QStringList& words)
{
    for (qsizetype first = 0; first < words.size(); ++first) {
        qsizetype at = 0;
        while (at < letters.size() && first + at < words.size()
            && words[first + at].startsWith(letters[at]))
            ++at;
        if (at == letters.size() && at > 1)
            return true;
    }
    return false;
}

} // namespace

QStringList wordsOf(const QString& text)
{
    QStringList words;
    QString word;
    const QString lower = text.toLower();
    for (const QChar letter : lower) {
        if (letter.isLetterOrNumber()) {
            word += letter;
        } else if (letter != u'&' && !word.isEmpty()) {
            words << word;
            word.clear();
        }
    }
    if (!word.isEmpty())
        words << word;
    return words;
}

std::optional<int> matchRank(const QStringList& query, const QStringList& text)
{
    int rank = 0;
    for (const auto& wanted : query) {
        const auto found = std::find_if(
            text.begin(), text.end(), [&](const QString& word) { return word.startsWith(wanted); });
        if (found != text.end()) {
            // The first word and a whole word are what somebody means most likely.
            rank += static_cast<int>(found - text.begin()) * 2 + (*found == wanted ? 0 : 1);
        } else if (isSpelledByInitials(wanted, text)) {
            rank += kInitialsRank;
        } else {
            return std::nullopt;
        }
    }
    return rank;
}

} // namespace ui
