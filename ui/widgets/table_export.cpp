#include "widgets/table_export.h"

#include "widgets/export_note.h"
#include "widgets/file_writer.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QJsonDocument>
#include <QJsonObject>

namespace ui {

namespace {

struct TableExportText {
    Q_DECLARE_TR_FUNCTIONS(TableExport)
};

QString csvCell(const QVariant& value)
{
    if (!value.isValid())
        return {};
    if (value.typeId() == QMetaType::Double)
        return QString::number(value.toDouble(), 'g', 12);
    QString text = value.toString();
    const bool isQuoted = text.contains(u',') || text.contains(u'"') || text.contains(u'\n');
    return isQuoted ? u'"' + text.replace(u'"', QStringLiteral("\"\"")) + u'"' : text;
}

} // namespace

QByteArray toCsv(const ExportTable& table)
{
    QString text = table.columns.join(u',') + QStringLiteral("\r\n");
    for (const auto& row : table.rows) {
        QStringList cells;
        for (const auto& value : row)
            cells << csvCell(value);
        text += cells.join(u',') + QStringLiteral("\r\n");
    }
    return text.toUtf8();
}

QByteArray toJsonLines(const ExportTable& table)
{
    QByteArray lines;
    for (const auto& row : table.rows) {
        QJsonObject object;
        for (qsizetype i = 0; i < row.size(); ++i) {
            if (row[i].isValid())
                object.insert(table.columns[i], QJsonValue::fromVariant(row[i]));
        }
        lines += QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
    }
    return lines;
}

void askForExport(QWidget* parent, engine::EnginePort& engine, const ExportQuestion& question,
    const std::function<ExportTable()>& make, const std::function<void(QString)>& told)
{
    auto* dialog = new QFileDialog(parent, question.title);
    dialog->setObjectName(question.objectName);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(
        { TableExportText::tr("Tables (*.csv)"), TableExportText::tr("JSON Lines (*.jsonl)") });
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    dialog->selectFile(question.fileName + QStringLiteral(".csv"));
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.contains(QStringLiteral("jsonl")) ? QStringLiteral("jsonl")
                                                                          : QStringLiteral("csv"));
    });
    QObject::connect(dialog, &QFileDialog::fileSelected, parent,
        [&engine, parent, what = question.what, make, told](const QString& path) {
            const ExportTable table = make();
            noteExport(engine, what, std::ssize(table.rows));
            const bool isJson = path.endsWith(QStringLiteral(".jsonl"), Qt::CaseInsensitive);
            const auto rows = static_cast<int>(table.rows.size());
            writeFile(path, isJson ? toJsonLines(table) : toCsv(table), parent,
                [path, rows, told](const QString& problem) {
                    told(problem.isEmpty()
                            ? TableExportText::tr("%n row(s) exported to %1", nullptr, rows)
                                  .arg(path)
                            : TableExportText::tr("%1 could not be written: %2")
                                  .arg(path, problem));
                });
        });
    dialog->open();
}

} // namespace ui
