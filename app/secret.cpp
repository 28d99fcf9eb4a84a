// secret set|test|delete NAME: the keychain's entries that keychain:NAME of a configuration means.
#include "commands.h"
#include "help.h"
#include "usage.h"

#include <engine/secrets.h>

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <termios.h>
#include <unistd.h>

namespace app {
namespace {

constexpr qint64 kSecretBytesMax = 64 * 1024;

// What is typed is not shown, as long as this lives.
class QuietTerminal {
public:
    QuietTerminal()
        : m_isTerminal(::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &m_before) == 0)
    {
        if (!m_isTerminal)
            return;
        termios quiet = m_before;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    QuietTerminal(const QuietTerminal&) = delete;
    QuietTerminal& operator=(const QuietTerminal&) = delete;
    ~QuietTerminal()
    {
        if (m_isTerminal)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
    }
    [[nodiscard]] bool isTerminal() const { return m_isTerminal; }

private:
    termios m_before {};
    bool m_isTerminal { false };
};

// One line from a terminal, all that comes from elsewhere; the line break at the end is not part of
// it. Never from the command line, which the list of processes shows.
engine::Result<std::string> readSecret(const QString& name)
{
    QFile input;
    if (!input.open(STDIN_FILENO, QIODevice::ReadOnly))
        return engine::fail(engine::ErrorCode::Io, "standard input cannot be read");
    QByteArray bytes;
    const QuietTerminal terminal;
    if (terminal.isTerminal()) {
        printError(QStringLiteral("the secret for %1 (it is not shown):").arg(name));
        bytes = input.readLine(kSecretBytesMax + 2);
    } else {
        bytes = input.read(kSecretBytesMax + 2);
    }
    while (bytes.endsWith('\n') || bytes.endsWith('\r'))
        bytes.chop(1);
    if (bytes.size() > kSecretBytesMax)
        return engine::fail(engine::ErrorCode::TooLarge, "the secret is larger than 64 KiB");
    return bytes.toStdString();
}

ExitCode end(const Arguments& arguments, const engine::Status& done, const QString& text)
{
    const QString said = done ? text : QString::fromStdString(done.error().message);
    if (arguments.has(QStringLiteral("json"))) {
        print(QString::fromUtf8(QJsonDocument(
            QJsonObject { { QStringLiteral("done"), done.has_value() },
                { QStringLiteral("message"),
                    said } }).toJson()));
    } else if (done) {
        print(said + u'\n');
    } else {
        printError(said);
    }
    if (done)
        return ExitCode::Done;
    return done.error().code == engine::ErrorCode::BadRequest ? ExitCode::Usage : ExitCode::Failed;
}

ExitCode set(const Arguments& arguments, const QString& name)
{
    const auto value = readSecret(name);
    const engine::Status done = value ? engine::keepInKeychain(name.toStdString(), *value)
                                      : engine::Status(tl::unexpected(value.error()));
    return end(arguments, done,
        QStringLiteral("It is in the keychain. Write keychain:%1 into the configuration.")
            .arg(name));
}

} // namespace

ExitCode runSecret(const QStringList& words)
{
    const QString command = QStringLiteral("secret");
    const Arguments arguments(words, { { QStringLiteral("json"), false } });
    if (!arguments.problem().isEmpty())
        return usageFault(command, arguments.problem());
    const QStringList& given = arguments.positional();
    if (given.size() > 2)
        return usageFault(command,
            QStringLiteral("the secret itself comes from standard input, never from here"));
    if (given.size() != 2)
        return usageFault(command, QStringLiteral("say set, test or delete, and a NAME"));
    const QString& name = given.at(1);
    if (given.front() == u"set")
        return set(arguments, name);
    if (given.front() == u"test") {
        const auto value = engine::readFromKeychain(name.toStdString());
        return end(arguments,
            value ? engine::Status {} : engine::Status(tl::unexpected(value.error())),
            QStringLiteral("The keychain has it and lets Spillway read it."));
    }
    if (given.front() == u"delete") {
        return end(arguments, engine::removeFromKeychain(name.toStdString()),
            QStringLiteral("It is no longer in the keychain."));
    }
    return usageFault(command, QStringLiteral("there is no \"%1\"").arg(given.front()));
}

} // namespace app
