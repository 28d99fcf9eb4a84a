#include "arguments.h"

#include <algorithm>

namespace app {

Arguments::Arguments(
    const QStringList& words, const std::vector<OptionSpec>& specs, qsizetype wordsMax)
{
    bool areOptionsOver = false;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString& word = words[i];
        if (word.isEmpty()) {
            m_problem = QStringLiteral("an empty word names nothing");
            return;
        }
        if (areOptionsOver || !word.startsWith(u"--")) {
            m_positional.push_back(word);
            continue;
        }
        if (word == u"--") {
            areOptionsOver = true;
            continue;
        }
        const qsizetype equals = word.indexOf(u'=');
        const QString name = word.mid(2, equals < 0 ? -1 : equals - 2);
        const auto spec = std::find_if(
            specs.begin(), specs.end(), [&](const OptionSpec& s) { return s.name == name; });
        if (spec == specs.end()) {
            m_problem = QStringLiteral("unknown option --%1").arg(name);
            return;
        }
        if (!spec->takesValue && equals >= 0) {
            m_problem = QStringLiteral("--%1 takes no value").arg(name);
            return;
        }
        if (!spec->takesValue) {
            m_values[name];
            continue;
        }
        if (equals < 0 && i + 1 == words.size()) {
            m_problem = QStringLiteral("--%1 needs a value").arg(name);
            return;
        }
        m_values[name].push_back(equals >= 0 ? word.mid(equals + 1) : words[++i]);
    }
    if (m_positional.size() > wordsMax)
        m_problem = QStringLiteral("\"%1\" is not expected here").arg(m_positional[wordsMax]);
}

std::optional<QString> Arguments::value(const QString& name) const
{
    const auto found = m_values.find(name);
    if (found == m_values.end() || found->second.isEmpty())
        return std::nullopt;
    return found->second.back();
}

QStringList Arguments::values(const QString& name) const
{
    const auto found = m_values.find(name);
    return found == m_values.end() ? QStringList {} : found->second;
}

} // namespace app
