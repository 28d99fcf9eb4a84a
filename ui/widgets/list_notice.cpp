#include "widgets/list_notice.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace ui {

ListNotice::ListNotice(const QString& list, QWidget* parent)
    : QFrame(parent)
    , m_list(list)
    , m_text(new QLabel(this))
    , m_busy(new QProgressBar(this))
    , m_action(new QPushButton(this))
    , m_copy(new QPushButton(tr("Copy details"), this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
{
    setFrameShape(QFrame::NoFrame);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_busy->setRange(0, 0);
    m_busy->setTextVisible(false);
    m_busy->setFixedWidth(80);
    m_busy->setAccessibleName(tr("Reading"));
    m_copy->setAccessibleName(tr("Copy error details"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 6, 8, 6);
    row->setSpacing(8);
    row->addWidget(m_busy);
    row->addWidget(m_text, 1);
    row->addWidget(m_action);
    row->addWidget(m_copy);
    row->addWidget(m_cancel);
    m_cancel->setObjectName(list + QStringLiteral("_cancel"));
    m_cancel->setAccessibleName(tr("Cancel reading"));
    m_cancel->hide();
    m_cancelDelay.setSingleShot(true);
    m_cancelDelay.setInterval(3'000);
    connect(&m_cancelDelay, &QTimer::timeout, this, &ListNotice::offerCancel);
    connect(m_cancel, &QPushButton::clicked, this, &ListNotice::cancelRequested);
    m_delay.setSingleShot(true);
    m_delay.setInterval(150);
    connect(&m_delay, &QTimer::timeout, this, [this] { setVisible(m_kind != Kind::None); });
    connect(m_copy, &QPushButton::clicked, this,
        [this] { QGuiApplication::clipboard()->setText(m_detail); });
    connect(m_action, &QPushButton::clicked, this, [this] {
        if (m_kind == Kind::Error)
            Q_EMIT retryRequested();
        else if (m_kind == Kind::FilteredEmpty)
            Q_EMIT clearFilterRequested();
        else
            Q_EMIT actionRequested();
    });
    hide();
}

void ListNotice::setCancellable() { m_isCancellable = true; }

void ListNotice::offerCancel() { m_cancel->setVisible(m_kind == Kind::Loading && m_isCancellable); }

void ListNotice::clear()
{
    m_kind = Kind::None;
    m_delay.stop();
    m_cancelDelay.stop();
    hide();
}

void ListNotice::showLoading(const QString& text)
{
    if (m_kind == Kind::Loading)
        return;
    show(Kind::Loading, text, {});
    hide();
    m_delay.start();
    m_cancelDelay.start();
}

void ListNotice::showEmpty(const QString& text, const QString& action)
{
    show(Kind::Empty, text, action);
}

void ListNotice::showFilteredEmpty(const QString& text)
{
    show(Kind::FilteredEmpty, text, tr("Clear filter"));
}

void ListNotice::showError(const QString& text, const QString& detail)
{
    m_detail = text + u'\n' + detail;
    show(Kind::Error, text, tr("Retry"));
}

void ListNotice::show(Kind kind, const QString& text, const QString& action)
{
    m_delay.stop();
    m_cancelDelay.stop();
    m_cancel->hide();
    m_kind = kind;
    m_text->setText(text);
    m_action->setText(action);
    m_action->setAccessibleName(action);
    m_action->setVisible(!action.isEmpty());
    m_busy->setVisible(kind == Kind::Loading);
    m_copy->setVisible(kind == Kind::Error);
    const QString suffix = [kind] {
        switch (kind) {
        case Kind::Loading:
            return QStringLiteral("_loading");
        case Kind::FilteredEmpty:
            return QStringLiteral("_filteredEmpty");
        case Kind::Error:
            return QStringLiteral("_error");
        case Kind::Empty:
        case Kind::None:
            break;
        }
        return QStringLiteral("_empty");
    }();
    setObjectName(m_list + suffix);
    m_action->setObjectName(
        m_list + (kind == Kind::Error ? QStringLiteral("_retry") : QStringLiteral("_action")));
    setVisible(true);
}

} // namespace ui
