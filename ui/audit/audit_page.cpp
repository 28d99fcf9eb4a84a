#include "audit/audit_page.h"

#include "audit/audit_model.h"
#include "format/format.h"
#include "theme/theme.h"
#include "widgets/list_notice.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <utility>

namespace ui {
namespace {

// Every word must stand somewhere in the row; who:, action: and target: look at their column only.
class AuditFilter final : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setLine(const QString& line)
    {
        m_words = line.split(u' ', Qt::SkipEmptyParts);
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override
    {
        for (const QString& word : m_words) {
            if (!holds(row, parent, word))
                return false;
        }
        return true;
    }

private:
    bool holds(int row, const QModelIndex& parent, const QString& word) const
    {
        static const QList<std::pair<QString, int>> keys { { QStringLiteral("who:"),
                                                               AuditModel::WhoColumn },
            { QStringLiteral("action:"), AuditModel::ActionColumn },
            { QStringLiteral("target:"), AuditModel::TargetColumn } };
        const auto cell = [&](int column) {
            return sourceModel()->index(row, column, parent).data().toString();
        };
        for (const auto& [key, column] : keys) {
            if (word.startsWith(key))
                return cell(column).contains(word.mid(key.size()), Qt::CaseInsensitive);
        }
        for (int column = 0; column < AuditModel::kColumns; ++column) {
            if (cell(column).contains(word, Qt::CaseInsensitive))
                return true;
        }
        return false;
    }

    QStringList m_words {};
};

} // namespace

AuditPage::AuditPage(const ConsoleContext& context, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_model(new AuditModel(context.engine, this))
    , m_proxy(new AuditFilter(this))
    , m_notice(new ListNotice(QStringLiteral("audit_table"), this))
    , m_table(new QTableView(this))
{
    setObjectName(QStringLiteral("page_audit"));
    m_proxy->setSourceModel(m_model);
    m_table->setObjectName(QStringLiteral("audit_table"));
    m_table->setAccessibleName(tr("Operator actions"));
    m_table->setModel(m_proxy);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(context.theme.rowHeight());
    m_table->horizontalHeader()->setHighlightSections(false);
    const QList<int> widths { 124, 90, 110, 220, 320, 220 };
    for (int column = 0; column < widths.size(); ++column)
        m_table->setColumnWidth(column, widths.at(column));
    m_table->horizontalHeader()->setStretchLastSection(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceLarge, kSpace, kSpaceLarge, kSpace);
    column->setSpacing(kSpace);
    column->addWidget(makeTop());
    column->addWidget(m_notice);
    column->addWidget(m_table, 1);
    connect(m_model, &AuditModel::statusChanged, this, &AuditPage::showStatus);
    connect(m_notice, &ListNotice::retryRequested, m_model, &AuditModel::retry);
    connect(m_notice, &ListNotice::clearFilterRequested, this, [this] { m_filter->clear(); });
}

QString AuditPage::title() const { return tr("Audit"); }

QWidget* AuditPage::makeTop()
{
    auto* top = new QWidget(this);
    m_filter = new QLineEdit(top);
    m_filter->setObjectName(QStringLiteral("audit_filter"));
    m_filter->setAccessibleName(tr("Filter operator actions"));
    m_filter->setPlaceholderText(tr("Filter  Ctrl+F   who:kc action:tune target:meta"));
    m_filter->setClearButtonEnabled(true);
    for (auto* button : m_filter->findChildren<QToolButton*>())
        button->setAccessibleName(tr("Clear filter"));
    m_count = new QLabel(top);
    m_count->setObjectName(QStringLiteral("audit_count"));
    m_count->setTextFormat(Qt::PlainText);
    m_more = new QPushButton(tr("Read more"), top);
    m_more->setObjectName(QStringLiteral("audit_more"));
    m_more->setAccessibleName(tr("Read older actions"));
    m_reload = new QPushButton(tr("Reload"), top);
    m_reload->setObjectName(QStringLiteral("audit_reload"));
    m_reload->setAccessibleName(tr("Reload the list"));
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpaceLarge);
    row->addWidget(m_filter, 1);
    row->addWidget(m_count);
    row->addWidget(m_more);
    row->addWidget(m_reload);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& line) {
        static_cast<AuditFilter*>(m_proxy)->setLine(line);
        showStatus();
    });
    connect(m_more, &QPushButton::clicked, this, [this] { m_model->fetchMore({}); });
    connect(m_reload, &QPushButton::clicked, m_model, &AuditModel::reload);
    return top;
}

void AuditPage::applySnapshot(const engine::SnapshotPtr& /*snapshot*/)
{
    // Rows do not move under the hand: the list is read when the page is opened and on Reload.
}

void AuditPage::clearTransient() { m_filter->clear(); }

// The window has this key too, for the overview; inside this page it is the page's.
bool AuditPage::event(QEvent* event)
{
    const bool isKey
        = event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress;
    if (!isKey || !static_cast<QKeyEvent*>(event)->matches(QKeySequence::Find))
        return Page::event(event);
    if (event->type() == QEvent::KeyPress)
        m_filter->setFocus(Qt::ShortcutFocusReason);
    event->accept();
    return true;
}

void AuditPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    m_model->reload();
}

void AuditPage::showStatus()
{
    const int read = m_model->rowCount();
    const int shown = m_proxy->rowCount();
    m_more->setVisible(!m_model->isLastSeen());
    const QString all = m_model->isLastSeen() ? tr("%1 actions").arg(formatExact(read))
                                              : tr("newest %1 read").arg(formatExact(read));
    m_count->setText(
        m_filter->text().isEmpty() ? all : tr("%1 match, %2").arg(formatExact(shown), all));
    if (const auto& failure = m_model->failure())
        m_notice->showError(tr("The audit could not be read: %1").arg(toQString(failure->message)),
            toQString(failure->detail));
    else if (m_model->isLoading())
        m_notice->showLoading(tr("Reading operator actions…"));
    else if (read == 0)
        m_notice->showEmpty(tr("No operator actions yet."));
    else if (shown == 0)
        m_notice->showFilteredEmpty(tr("0 of %1 read match.").arg(formatExact(read)));
    else
        m_notice->clear();
}

} // namespace ui
