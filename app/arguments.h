// The command line of one subcommand: options that take a value, switches, and what stands free.
#pragma once

#include <QString>
#include <QStringList>

#include <map>
#include <optional>
#include <vector>

namespace app {

enum class ExitCode : int { Done = 0, Failed = 1, Usage = 2, Unreachable = 3 };

struct OptionSpec {
    QString name {}; // without dashes
    bool takesValue { true };
};

class Arguments {
public:
    // "--name value", "--name=value", "--switch"; "--" ends options. A fault leaves `problem`
    // non-empty; so does a word that stands free beyond `wordsMax`, or is empty.
    Arguments(const QStringList& words, const std::vector<OptionSpec>& specs,
        qsizetype wordsMax = kWordsAny);

    static constexpr qsizetype kWordsAny = 1'000;

    [[nodiscard]] const QString& problem() const { return m_problem; }
    [[nodiscard]] bool has(const QString& name) const { return m_values.contains(name); }
    [[nodiscard]] std::optional<QString> value(const QString& name) const; // the last one
    [[nodiscard]] QStringList values(const QString& name) const;
    [[nodiscard]] const QStringList& positional() const { return m_positional; }

private:
    std::map<QString, QStringList> m_values {};
    QStringList m_positional {};
    QString m_problem {};
};

} // namespace app
