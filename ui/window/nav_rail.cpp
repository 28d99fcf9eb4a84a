#include "window/nav_rail.h"

#include "theme/theme.h"

#include <QFocusEvent>
#include <QFontMetrics>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>
#include <vector>

namespace ui {

namespace {

constexpr int kPageRole = Qt::UserRole;
constexpr int kIconRole = Qt::UserRole + 1;
constexpr int kTextBesideFrom = 100; // a rail that is wider has its words beside the icons

// Draws one entry: a bar and a ground for the current page, icon, and the text where there is room.
class RailDelegate final : public QStyledItemDelegate {
public:
    RailDelegate(const Theme& theme, NavRail* rail)
        : QStyledItemDelegate(rail)
        , m_theme(theme)
        , m_rail(*rail)
    {
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
        const QModelIndex& index) const override
    {
        const QRect rect = option.rect;
        const bool isCurrent = index.row() == m_rail.currentRow();
        painter->save();
        if (isCurrent) {
            painter->fillRect(rect, m_theme.color(Token::Surface));
            painter->fillRect(
                QRect(rect.left(), rect.top(), 3, rect.height()), m_theme.color(Token::Accent));
        } else if (option.state.testFlag(QStyle::State_MouseOver)) {
            painter->fillRect(rect, m_theme.color(Token::GridLine));
        }
        const QIcon icon = index.data(Qt::DecorationRole).value<QIcon>();
        const bool hasTextBeside = rect.width() > kTextBesideFrom;
        const bool hasTextBelow = !hasTextBeside && rect.width() > 56;
        const QString text = index.data().toString();
        painter->setFont(isCurrent ? m_theme.boldFont() : m_theme.bodyFont());
        painter->setPen(m_theme.color(Token::Text));
        if (hasTextBeside) {
            icon.paint(painter, QRect(rect.left() + kSpaceLarge, rect.top(), 20, rect.height()));
            painter->drawText(rect.adjusted(kSpaceLarge + 20 + kSpace, 0, -kSpaceSmall, 0),
                static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter), text);
        } else if (hasTextBelow) {
            icon.paint(painter, QRect(rect.left(), rect.top() + 8, rect.width(), 20));
            QFont smaller = m_theme.captionFont();
            smaller.setBold(isCurrent);
            if (painter->fontMetrics().horizontalAdvance(text) > rect.width() - kSpaceSmall)
                painter->setFont(smaller); // longer words of other languages
            painter->drawText(rect.adjusted(0, 30, 0, -4),
                static_cast<int>(Qt::AlignHCenter | Qt::AlignTop), text);
        } else {
            icon.paint(painter, rect);
        }
        if (isCurrent && m_rail.hasFocus() && m_rail.isKeyboardUsed()) {
            painter->setPen(QPen(m_theme.color(Token::Accent), 2));
            painter->drawRect(rect.adjusted(1, 1, -1, -1));
        }
        painter->restore();
    }

private:
    const Theme& m_theme;
    NavRail& m_rail;
};

} // namespace

NavRail::NavRail(Theme& theme, QWidget* parent)
    : QListWidget(parent)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("nav_list"));
    setAccessibleName(tr("Pages"));
    setFrameShape(NoFrame);
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setItemDelegate(new RailDelegate(theme, this));
    connect(this, &QListWidget::currentItemChanged, this, [this](const QListWidgetItem* item) {
        if (item != nullptr)
            Q_EMIT pageChosen(static_cast<PageId>(item->data(kPageRole).toInt()));
    });
    connect(&theme, &Theme::changed, this, &NavRail::apply);
    apply();
}

void NavRail::addPage(PageId id, const QString& title, const QString& icon)
{
    auto* item = new QListWidgetItem(title);
    item->setData(kPageRole, static_cast<int>(id));
    item->setData(kIconRole, icon);
    // In the order of the pages, however they were added.
    int row = 0;
    while (row < count() && this->item(row)->data(kPageRole).toInt() < static_cast<int>(id))
        ++row;
    const QSignalBlocker block(this);
    insertItem(row, item);
    apply();
}

void NavRail::setCurrentPage(PageId id)
{
    for (int row = 0; row < count(); ++row) {
        if (item(row)->data(kPageRole).toInt() == static_cast<int>(id))
            setCurrentRow(row);
    }
}

void NavRail::fitTo(int windowWidth)
{
    const Form form = windowWidth < 1'400 ? Form::Icons
        : windowWidth < 1'800             ? Form::TextBelow
                                          : Form::TextBeside;
    if (form == m_form)
        return;
    m_form = form;
    apply();
}

// The ring helps the one who moves by keys; around what was only clicked it is noise.
void NavRail::focusInEvent(QFocusEvent* event)
{
    m_isKeyboardUsed = event->reason() == Qt::TabFocusReason
        || event->reason() == Qt::BacktabFocusReason || event->reason() == Qt::ShortcutFocusReason;
    QListWidget::focusInEvent(event);
}

void NavRail::keyPressEvent(QKeyEvent* event)
{
    m_isKeyboardUsed = true;
    viewport()->update();
    QListWidget::keyPressEvent(event);
}

// As wide as the longest word in the smaller font, when its page is the current one.
int NavRail::widthBelow() const
{
    QFont font = m_theme.captionFont();
    font.setBold(true);
    const QFontMetrics metrics(font);
    int width = 80;
    for (int row = 0; row < count(); ++row)
        width = std::max(width, metrics.horizontalAdvance(item(row)->text()) + 2 * kSpaceSmall);
    return std::min(width, kTextBesideFrom);
}

void NavRail::apply()
{
    const int width = m_form == Form::Icons ? 48 : m_form == Form::TextBelow ? widthBelow() : 148;
    const int height = m_form == Form::TextBelow ? 54 : 40;
    setFixedWidth(width);
    QPalette own = palette();
    own.setColor(QPalette::Base, m_theme.color(Token::Window));
    setPalette(own);
    for (int row = 0; row < count(); ++row) {
        auto* entry = item(row);
        entry->setSizeHint({ width, height });
        entry->setIcon(m_theme.icon(entry->data(kIconRole).toString()));
        const int page = entry->data(kPageRole).toInt();
        entry->setToolTip(tr("%1 (Ctrl+%2)").arg(entry->text()).arg(page + 1));
    }
}

std::vector<PageId> NavRail::pages() const
{
    std::vector<PageId> ids;
    for (int row = 0; row < count(); ++row)
        ids.push_back(static_cast<PageId>(item(row)->data(kPageRole).toInt()));
    return ids;
}

} // namespace ui
