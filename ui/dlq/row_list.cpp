#include "dlq/row_list.h"

#include "dlq/dead_letter_view.h"
#include "format/format.h"
#include "theme/theme.h"
#include "widgets/list_notice.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

namespace ui {

RowList::RowList(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent)
    , m_model(new DeadLetterModel(context.engine, this))
    , m_view(new DeadLetterView(context.theme, *m_model, this))
    , m_notice(new ListNotice(QStringLiteral("dlq_rows"), this))
{
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceSmall);
    column->addWidget(makeCaption());
    column->addWidget(m_notice);
    column->addWidget(m_view, 1);
    connect(m_model, &DeadLetterModel::statusChanged, this, &RowList::showStatus);
    m_notice->setCancellable();
    connect(m_notice, &ListNotice::cancelRequested, m_model, &DeadLetterModel::cancel);
    connect(m_notice, &ListNotice::retryRequested, m_model, &DeadLetterModel::retry);
    connect(m_notice, &ListNotice::clearFilterRequested, this, &RowList::clearFilterRequested);
}

QWidget* RowList::makeCaption()
{
    m_caption = new QWidget(this);
    m_captionText = new QLabel(m_caption);
    m_captionText->setObjectName(QStringLiteral("dlq_rowsCaption"));
    m_captionText->setTextFormat(Qt::PlainText);
    // A cause may be long; it must not widen the page.
    m_captionText->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* all = new QPushButton(tr("Show all"), m_caption);
    all->setObjectName(QStringLiteral("dlq_rowsAll"));
    all->setAccessibleName(tr("Show the entries of all groups"));
    auto* line = new QHBoxLayout(m_caption);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(m_captionText, 1);
    line->addWidget(all);
    connect(all, &QPushButton::clicked, this, &RowList::allRequested);
    m_caption->hide();
    return m_caption;
}

void RowList::load(
    DeadLetterModel::Query query, const engine::DeadLetterGroup* group, bool isFiltered)
{
    m_isLoaded = true;
    m_isOfGroup = group != nullptr;
    m_isFiltered = isFiltered;
    m_caption->setVisible(m_isOfGroup);
    if (group != nullptr) {
        const QString text
            = tr("%1 entries of %2").arg(formatExact(group->count), toQString(group->fingerprint));
        m_captionText->setText(text);
        m_captionText->setToolTip(text);
    }
    m_view->clearSelection();
    m_model->load(std::move(query));
}

void RowList::setEmptyTold(bool isTold)
{
    m_isEmptyTold = isTold;
    showStatus();
}

void RowList::showStatus()
{
    const bool isGivenUp = m_model->failure() || m_model->isCancelled();
    m_view->setEnabled(!m_model->isLoading() || !isGivenUp);
    const bool isPlain = !m_isFiltered && !m_isOfGroup;
    if (const auto& failure = m_model->failure()) {
        m_notice->showError(
            tr("Dead letters could not be read: %1").arg(toQString(failure->message)),
            toQString(failure->detail));
    } else if (m_model->isCancelled()) {
        m_notice->showError(tr("Cancelled. What stands below is the list before."), {});
    } else if (m_model->isLoading()) {
        m_notice->showLoading(tr("Reading dead letters…"));
    } else if (m_model->rowCount() > 0 || !m_isLoaded || m_isEmptyTold) {
        m_notice->clear();
    } else if (isPlain) {
        m_notice->showEmpty(tr("No dead letters. Good."));
    } else {
        m_notice->showFilteredEmpty(tr("0 of %1 match.").arg(formatExact(m_model->waitingTotal())));
    }
    Q_EMIT statusChanged();
}

} // namespace ui
