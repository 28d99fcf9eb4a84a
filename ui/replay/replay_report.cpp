#include "replay/replay_report.h"

#include "dlq/masking.h"
#include "format/format.h"
#include "replay/replay_draft.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

namespace ui {
namespace {

struct ReplayReportText {
    Q_DECLARE_TR_FUNCTIONS(ReplayReport)
};

QString utcOrDash(const std::optional<engine::WallTime>& time)
{
    return time ? formatUtc(*time) : QString(kDash);
}

QJsonObject toJson(const engine::ReplayJobSnapshot& job)
{
    QJsonObject json;
    json[u"job"] = jobName(job.id);
    json[u"scope"] = maskText(toQString(job.title));
    json[u"state"] = toQString(job.state);
    json[u"reason"] = maskText(toQString(job.reason));
    json[u"total"] = static_cast<qint64>(job.total);
    json[u"accepted"] = static_cast<qint64>(job.accepted);
    json[u"failed"] = static_cast<qint64>(job.failed);
    json[u"skipped"] = static_cast<qint64>(job.skipped);
    json[u"cancelled"] = static_cast<qint64>(job.cancelled);
    json[u"taken_back"] = static_cast<qint64>(job.takenBack);
    json[u"same_error"] = static_cast<qint64>(job.sameError);
    json[u"new_since_cutoff"] = static_cast<qint64>(job.newSinceCutoff);
    json[u"started_by"] = toQString(job.who);
    json[u"started_at"] = formatUtc(job.createdAt);
    if (job.endedAt)
        json[u"ended_at"] = formatUtc(*job.endedAt);
    json[u"error_stop"] = job.guards.errorStop;
    json[u"throttle_hold"] = job.guards.throttleHold;
    json[u"lag_hold_s"] = static_cast<qint64>(job.guards.liveLagHold.count());
    json[u"adds_up"] = reportOf(job).reconciles();
    QJsonArray log;
    for (const auto& line : job.log)
        log.append(QJsonObject {
            { QStringLiteral("at"), formatUtc(line.at) },
            { QStringLiteral("text"), maskText(toQString(line.text)) },
        });
    json[u"log"] = log;
    return json;
}

QJsonObject toJson(const engine::ReplayPreview& preview)
{
    QJsonObject json;
    json[u"selection"] = static_cast<qint64>(engine::toInt(preview.selection));
    json[u"frozen_at"] = formatUtc(preview.frozenAt);
    json[u"matched"] = static_cast<qint64>(preview.matched);
    json[u"will_send"] = static_cast<qint64>(preview.willSend);
    json[u"already_accepted"] = static_cast<qint64>(preview.alreadyAccepted);
    json[u"superseded"] = static_cast<qint64>(preview.superseded);
    json[u"payload_gone"] = static_cast<qint64>(preview.payloadGone);
    json[u"too_old"] = static_cast<qint64>(preview.tooOld);
    json[u"same_error"] = static_cast<qint64>(preview.sameError);
    json[u"outcome_unknown"] = static_cast<qint64>(preview.outcomeUnknown);
    QJsonArray shards;
    for (const auto& shard : preview.shards)
        shards.append(QJsonObject {
            { QStringLiteral("shard"), shardName(shard.shard) },
            { QStringLiteral("matched"), static_cast<qint64>(shard.matched) },
            { QStringLiteral("will_send"), static_cast<qint64>(shard.willSend) },
        });
    json[u"shards"] = shards;
    return json;
}

// A page of plain tables that needs nothing from anywhere else.
class Html {
public:
    void heading(const QString& text) { m_out += QStringLiteral("<h2>%1</h2>\n").arg(safe(text)); }
    void paragraph(const QString& text) { m_out += QStringLiteral("<p>%1</p>\n").arg(safe(text)); }
    void table(const QStringList& titles, const QList<QStringList>& rows)
    {
        m_out += QStringLiteral("<table>\n");
        if (!titles.isEmpty())
            row(titles, QStringLiteral("th"));
        for (const QStringList& cells : rows)
            row(cells, QStringLiteral("td"));
        m_out += QStringLiteral("</table>\n");
    }
    [[nodiscard]] QByteArray page(const QString& title) const
    {
        return QStringLiteral("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>%1"
                              "</title>\n<style>body{font:14px sans-serif;margin:2em;max-width:"
                              "70em;color:#1b1e22;background:#fff}table{border-collapse:collapse}"
                              "td,th{border:1px solid #7d838a;padding:3px 8px;text-align:left;"
                              "vertical-align:top}</style></head>\n<body>\n<h1>%1</h1>\n%2</body>"
                              "</html>\n")
            .arg(safe(title), m_out)
            .toUtf8();
    }

private:
    // Messages are the platforms' words: nothing of them may become markup.
    [[nodiscard]] static QString safe(const QString& text) { return text.toHtmlEscaped(); }
    void row(const QStringList& cells, const QString& tag)
    {
        m_out += QStringLiteral("<tr>");
        for (const QString& cell : cells)
            m_out += QStringLiteral("<%1>%2</%1>").arg(tag, safe(cell));
        m_out += QStringLiteral("</tr>\n");
    }
    QString m_out {};
};

void addCounts(Html& html, const ReportContent& content)
{
    html.heading(ReplayReportText::tr("What came of it"));
    html.paragraph(reportText(reportOf(content.job)));
    if (content.job.sameError > 0)
        html.paragraph(ReplayReportText::tr("%1 failed with the error that they had before.")
                           .arg(formatExact(content.job.sameError)));
    if (content.job.newSinceCutoff > 0)
        html.paragraph(
            ReplayReportText::tr("%1 new failures since the cutoff were not in this replay.")
                .arg(formatExact(content.job.newSinceCutoff)));
    if (!content.preview)
        return;
    html.heading(ReplayReportText::tr("What was chosen"));
    html.paragraph(previewSum(*content.preview));
    QList<QStringList> rows;
    for (const auto& shard : content.preview->shards)
        rows.append(QStringList {
            shardName(shard.shard), formatExact(shard.matched), formatExact(shard.willSend) });
    html.table({ ReplayReportText::tr("Shard"), ReplayReportText::tr("Matched"),
                   ReplayReportText::tr("Will send") },
        rows);
}

void addFailed(Html& html, const ReportContent& content)
{
    if (content.failed.empty())
        return;
    html.heading(ReplayReportText::tr("Samples of what failed again"));
    QList<QStringList> rows;
    for (const auto& row : content.failed)
        rows.append(QStringList { toQString(row.eventId), shardName(row.shard),
            QString::number(row.httpStatus), toQString(row.code),
            maskText(toQString(row.message)) });
    html.table({ ReplayReportText::tr("Event ID"), ReplayReportText::tr("Shard"),
                   ReplayReportText::tr("HTTP"), ReplayReportText::tr("Code"),
                   ReplayReportText::tr("Message") },
        rows);
}

} // namespace

QByteArray reportJson(const ReportContent& content)
{
    QJsonObject json = toJson(content.job);
    if (content.preview)
        json[u"preview"] = toJson(*content.preview);
    QJsonArray failed;
    for (const auto& row : content.failed)
        failed.append(QJsonObject {
            { QStringLiteral("event_id"), toQString(row.eventId) },
            { QStringLiteral("shard"), shardName(row.shard) },
            { QStringLiteral("status"), row.httpStatus },
            { QStringLiteral("code"), toQString(row.code) },
            { QStringLiteral("message"), maskText(toQString(row.message)) },
        });
    json[u"failed_samples"] = failed;
    QJsonArray audit;
    for (const auto& row : content.audit)
        audit.append(QJsonObject {
            { QStringLiteral("id"), static_cast<qint64>(engine::toInt(row.id)) },
            { QStringLiteral("at"), formatUtc(row.at) },
            { QStringLiteral("who"), toQString(row.who) },
            { QStringLiteral("action"), toQString(row.action) },
            { QStringLiteral("reason"), maskText(toQString(row.reason)) },
        });
    json[u"audit"] = audit;
    json[u"profile"] = content.profile;
    json[u"written_at"] = formatUtc(content.writtenAt);
    return QJsonDocument(json).toJson();
}

QByteArray reportHtml(const ReportContent& content)
{
    const auto& job = content.job;
    Html html;
    const QList<QStringList> facts {
        QStringList { ReplayReportText::tr("Scope"), maskText(toQString(job.title)) },
        QStringList { ReplayReportText::tr("State"), jobStateText(job) },
        QStringList { ReplayReportText::tr("Started by"), toQString(job.who) },
        QStringList { ReplayReportText::tr("Started"), formatUtc(job.createdAt) },
        QStringList { ReplayReportText::tr("Ended"), utcOrDash(job.endedAt) },
        QStringList { ReplayReportText::tr("Guards"), guardText(job.guards) },
        QStringList { ReplayReportText::tr("Profile"), content.profile },
        QStringList { ReplayReportText::tr("Written"), formatUtc(content.writtenAt) },
    };
    html.table({}, facts);
    addCounts(html, content);
    addFailed(html, content);
    QList<QStringList> lines;
    for (const auto& line : job.log)
        lines.append(QStringList { formatUtc(line.at), maskText(toQString(line.text)) });
    if (!lines.isEmpty()) {
        html.heading(ReplayReportText::tr("What it went through"));
        html.table({}, lines);
    }
    QList<QStringList> acts;
    for (const auto& row : content.audit)
        acts.append(QStringList { QString::number(engine::toInt(row.id)), formatUtc(row.at),
            toQString(row.who), toQString(row.action), maskText(toQString(row.reason)) });
    if (!acts.isEmpty()) {
        html.heading(ReplayReportText::tr("Audit"));
        html.table({ ReplayReportText::tr("No."), ReplayReportText::tr("Time"),
                       ReplayReportText::tr("Who"), ReplayReportText::tr("Action"),
                       ReplayReportText::tr("Reason") },
            acts);
    }
    return html.page(ReplayReportText::tr("Report of replay %1").arg(jobName(job.id)));
}

} // namespace ui
