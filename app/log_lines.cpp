#include "log_lines.h"

#include <QByteArray>
#include <QtGlobal>

#include <cstdio>

namespace app {
namespace {

bool isHarmful(QChar c)
{
    const char16_t code = c.unicode();
    const bool isSeparator = code == 0x2028 || code == 0x2029; // of lines, of paragraphs
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || isSeparator;
}

QString escapeOf(QChar c)
{
    if (c == u'\n')
        return QStringLiteral("\\n");
    if (c == u'\r')
        return QStringLiteral("\\r");
    if (c == u'\t')
        return QStringLiteral("\\t");
    const bool isShort = c.unicode() < 0x100;
    return (isShort ? QStringLiteral("\\x%1") : QStringLiteral("\\u%1"))
        .arg(c.unicode(), isShort ? 2 : 4, 16, QLatin1Char('0'));
}

void write(QtMsgType type, const QMessageLogContext& context, const QString& message)
{
    const QByteArray line = qFormatLogMessage(type, context, inOneLine(message)).toUtf8() + '\n';
    std::fwrite(line.constData(), 1, static_cast<std::size_t>(line.size()), stderr);
    std::fflush(stderr);
}

} // namespace

QString inOneLine(const QString& text)
{
    QString line;
    line.reserve(text.size());
    for (const QChar c : text) {
        if (isHarmful(c))
            line += escapeOf(c);
        else
            line += c;
    }
    return line;
}

void writeLogInLines()
{
    qSetMessagePattern(
        QStringLiteral("%{time yyyy-MM-ddTHH:mm:ss.zzz} %{type} %{category}: %{message}"));
    qInstallMessageHandler(write);
}

} // namespace app
