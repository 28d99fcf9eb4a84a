#include "dlq/curl_text.h"

#include "dlq/masking.h"
#include "format/format.h"

#include <QRegularExpression>
#include <QStringList>

namespace ui {
namespace {

// Single quotes stop every expansion of the shell. A variable must stand outside of them.
QString quoted(const QString& text, const QRegularExpression& variable)
{
    QString out = QStringLiteral("'");
    qsizetype done = 0;
    const auto plain
        = [&out](QString part) { out += part.replace(u'\'', QStringLiteral("'\\''")); };
    auto matches = variable.globalMatch(text);
    while (matches.hasNext()) {
        const auto match = matches.next();
        plain(text.mid(done, match.capturedStart() - done));
        out += QStringLiteral("'\"") + match.captured() + QStringLiteral("\"'");
        done = match.capturedEnd();
    }
    plain(text.mid(done));
    return out + u'\'';
}

const QRegularExpression& anyVariable()
{
    static const QRegularExpression pattern(QStringLiteral("\\$[A-Za-z_][A-Za-z0-9_]*"));
    return pattern;
}

// In a body only the names made here are variables: a price of "$USD" is data.
QRegularExpression ownVariable(const QString& prefix)
{
    return QRegularExpression(QRegularExpression::escape(secretVariable(prefix, QString()))
        + QStringLiteral("[A-Z0-9_]+"));
}

bool isVariable(const QString& text)
{
    static const QRegularExpression pattern(QStringLiteral("^\\$[A-Za-z_][A-Za-z0-9_]*$"));
    return pattern.match(text).hasMatch();
}

// Keeps the scheme word of an Authorization header: "Bearer $META_AUTHORIZATION".
QString safeHeader(const QString& line, const QString& prefix)
{
    const auto colon = line.indexOf(u':');
    const QString name = line.left(colon).trimmed();
    const QString value = line.mid(colon + 1).trimmed();
    if (!isSecretName(name))
        return name + QStringLiteral(": ") + maskText(value);
    const auto space = value.indexOf(u' ');
    const QString scheme = space > 0 ? value.left(space + 1) : QString();
    const QString secret = value.mid(scheme.size());
    return name + QStringLiteral(": ") + scheme
        + (isVariable(secret) ? secret : secretVariable(prefix, name));
}

QString safeUrl(const QString& url, const QString& prefix)
{
    const auto question = url.indexOf(u'?');
    if (question < 0)
        return maskText(url);
    QStringList parameters;
    for (const QString& parameter : url.mid(question + 1).split(u'&', Qt::SkipEmptyParts)) {
        const auto equals = parameter.indexOf(u'=');
        const QString name = parameter.left(equals);
        const QString value = parameter.mid(equals + 1);
        if (equals < 0 || !isSecretName(name))
            parameters += maskText(parameter);
        else
            parameters += name + u'=' + (isVariable(value) ? value : secretVariable(prefix, name));
    }
    return maskText(url.left(question)) + u'?' + parameters.join(u'&');
}

} // namespace

QString toCurl(const engine::DeadLetterDetail& detail, const QString& prefix)
{
    const QStringList lines
        = toQString(detail.requestHead).split(QRegularExpression(QStringLiteral("\\r?\\n")));
    const QStringList first = lines.value(0).split(u' ', Qt::SkipEmptyParts);
    QStringList parts { QStringLiteral("curl -X ") + first.value(0, QStringLiteral("POST")) };
    parts += quoted(safeUrl(first.value(1), prefix), anyVariable());
    for (const QString& line : lines.mid(1)) {
        // curl counts the length itself, and a wrong one would make the server wait.
        if (line.contains(u':')
            && !line.startsWith(QLatin1String("content-length"), Qt::CaseInsensitive))
            parts += QStringLiteral("-H ") + quoted(safeHeader(line, prefix), anyVariable());
    }
    if (!detail.record.empty()) {
        const JsonOptions options { .secretPrefix = prefix, .isIndented = false };
        parts += QStringLiteral("--data-binary ")
            + quoted(formatJson(detail.record, options), ownVariable(prefix));
    }
    return parts.join(QStringLiteral(" \\\n  "));
}

} // namespace ui
