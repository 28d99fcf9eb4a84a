#include "audit/audit_export.h"

#include "dlq/masking.h"
#include "format/format.h"
#include "widgets/export_note.h"
#include "widgets/file_writer.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <utility>

namespace ui {
namespace {

constexpr int kPageRows = 1'000;

QByteArray lineOf(const engine::AuditRow& row)
{
    QJsonObject json;
    json[u"id"] = static_cast<qint64>(engine::toInt(row.id));
    json[u"at"] = formatUtc(row.at);
    json[u"who"] = toQString(row.who);
    json[u"action"] = toQString(row.action);
    json[u"target"] = toQString(row.target);
    json[u"before"] = toQString(row.before);
    json[u"after"] = toQString(row.after);
    json[u"reason"] = maskText(toQString(row.reason));
    json[u"result"] = maskText(toQString(row.result));
    json[u"profile"] = toQString(row.profile);
    if (row.undoOf)
        json[u"undo_of"] = static_cast<qint64>(engine::toInt(*row.undoOf));
    if (!row.correlation.empty())
        json[u"correlation"] = toQString(row.correlation);
    return QJsonDocument(json).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace

AuditExport::AuditExport(
    engine::EnginePort& engine, engine::AuditFilter filter, QString file, QObject* parent)
    : QObject(parent)
    , m_engine(engine)
    , m_filter(std::move(filter))
    , m_file(std::move(file))
{
}

void AuditExport::start() { ask(std::nullopt); }

void AuditExport::ask(std::optional<engine::AuditId> before)
{
    using Answer = engine::Result<engine::AuditPage>;
    m_engine.audit({ .filter = m_filter, .before = before, .rowsMax = kPageRows },
        m_engine.replyTo<Answer>(this, [this](const Answer& answer) {
            if (answer)
                take(*answer);
            else
                Q_EMIT finished(tr("Not exported: %1").arg(toQString(answer.error().message)));
        }));
}

void AuditExport::take(const engine::AuditPage& page)
{
    for (const auto& row : page.rows)
        m_text += lineOf(row);
    m_rows += static_cast<int>(page.rows.size());
    const bool isEnd = page.isLast || page.rows.empty();
    if (isEnd || m_rows >= kRowsMax)
        write(!isEnd);
    else
        ask(page.rows.back().id);
}

void AuditExport::write(bool isCut)
{
    const QString good = isCut
        ? tr("The newest %1 actions written to %2; there are more").arg(formatExact(m_rows), m_file)
        : tr("%1 actions written to %2").arg(formatExact(m_rows), m_file);
    noteExport(m_engine, QStringLiteral("audit"), m_rows);
    writeFile(m_file, m_text, this, [this, good](const QString& problem) {
        Q_EMIT finished(problem.isEmpty() ? good : tr("Not exported: %1").arg(problem));
    });
}

} // namespace ui
