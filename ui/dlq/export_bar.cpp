#include "dlq/export_bar.h"

#include "format/format.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

#include <algorithm>

namespace ui {
namespace {

constexpr std::int64_t kBarSteps = 1'000; // a count of rows may not fit the bar's int

} // namespace

ExportBar::ExportBar(engine::EnginePort& engine, QWidget* parent)
    : QWidget(parent)
    , m_engine(engine)
    , m_text(new QLabel(this))
    , m_progress(new QProgressBar(this))
    , m_cancel(new QPushButton(tr("Cancel export"), this))
{
    m_text->setObjectName(QStringLiteral("dlq_exportText"));
    m_text->setTextFormat(Qt::PlainText);
    m_progress->setObjectName(QStringLiteral("dlq_exportProgress"));
    m_progress->setAccessibleName(tr("Export progress"));
    m_progress->setTextVisible(false);
    m_progress->setMaximumWidth(200);
    m_cancel->setObjectName(QStringLiteral("dlq_exportCancel"));
    m_cancel->setAccessibleName(m_cancel->text());
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_progress);
    row->addWidget(m_text, 1);
    row->addWidget(m_cancel);
    connect(m_cancel, &QPushButton::clicked, this, &ExportBar::cancel);
    hide();
}

ExportBar::~ExportBar() = default;

void ExportBar::cancel()
{
    if (m_export)
        m_export->cancel();
    else
        hide();
}

void ExportBar::start(
    const DeadLetterExport::Options& options, std::optional<std::int64_t> expected)
{
    m_export = std::make_unique<DeadLetterExport>(m_engine, options);
    m_progress->setRange(0, expected.value_or(0) > 0 ? static_cast<int>(kBarSteps) : 0);
    m_progress->setValue(0);
    m_progress->show();
    m_text->setText(tr("Exporting…"));
    m_cancel->setText(tr("Cancel export"));
    m_cancel->setAccessibleName(m_cancel->text());
    show();
    connect(m_export.get(), &DeadLetterExport::progressed, this,
        [this, all = std::max<std::int64_t>(expected.value_or(1), 1)](qint64 rows) {
            m_progress->setValue(
                static_cast<int>(std::min<qint64>(rows * kBarSteps / all, kBarSteps)));
            m_text->setText(tr("%1 rows written").arg(formatExact(rows)));
        });
    connect(m_export.get(), &DeadLetterExport::finished, this,
        [this, file = options.file](
            qint64 rows) { over(tr("%1 rows written to %2").arg(formatExact(rows), file)); });
    connect(m_export.get(), &DeadLetterExport::stopped, this,
        [this](const QString& reason) { over(tr("Not exported: %1").arg(reason)); });
    m_export->start();
}

void ExportBar::over(const QString& text)
{
    m_text->setText(text);
    m_progress->hide();
    m_cancel->setText(tr("Close"));
    m_cancel->setAccessibleName(tr("Close the export message"));
    // Not here: it is still on the stack, emitting.
    m_export.release()->deleteLater();
}

} // namespace ui
