#include "palette/palette_dialog.h"

#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr int kDetailRole = Qt::UserRole + 1;
constexpr int kShortcutRole = Qt::UserRole + 2;
constexpr int kStatusRole = Qt::UserRole + 3;
constexpr int kWidth = 640;
constexpr int kRowsShown = 12;
constexpr int kDetailLeft = 230; // where the second column begins

// Title, detail with its shape, and the shortcut at the right.
class EntryDelegate final : public QStyledItemDelegate {
public:
    EntryDelegate(const Theme& theme, QObject* parent)
        : QStyledItemDelegate(parent)
        , m_theme(theme)
    {
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
        const QModelIndex& index) const override
    {
        painter->save();
        if (option.state.testFlag(QStyle::State_Selected))
            painter->fillRect(option.rect, m_theme.color(Token::SelectionBackground));
        const QRect row = option.rect.adjusted(kSpace, 0, -kSpace, 0);
        const QString shortcut = index.data(kShortcutRole).toString();
        const QString detail = index.data(kDetailRole).toString();
        painter->setFont(m_theme.captionFont());
        painter->setPen(m_theme.color(Token::TextSecondary));
        const int shortcutWidth
            = shortcut.isEmpty() ? 0 : painter->fontMetrics().horizontalAdvance(shortcut) + kSpace;
        painter->drawText(row, static_cast<int>(Qt::AlignRight | Qt::AlignVCenter), shortcut);
        QRect title = row.adjusted(0, 0, -shortcutWidth, 0);
        if (!detail.isEmpty()) {
            QRect second = title.adjusted(kDetailLeft, 0, 0, 0);
            title.setRight(row.left() + kDetailLeft - kSpace);
            const QVariant status = index.data(kStatusRole);
            if (status.isValid()) {
                m_theme.paintStatus(*painter,
                    QRectF(second.left(), second.top(), kShapeSize, second.height()),
                    static_cast<Status>(status.toInt()));
                second.setLeft(second.left() + kShapeSize + kSpaceSmall);
            }
            drawElided(*painter, second, detail, m_theme.bodyFont());
        }
        painter->setPen(m_theme.color(Token::Text));
        drawElided(*painter, title, index.data().toString(), m_theme.bodyFont());
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem& /*option*/, const QModelIndex&) const override
    {
        return { kDetailLeft, m_theme.rowHeight() };
    }

private:
    static void drawElided(
        QPainter& painter, const QRect& rect, const QString& text, const QFont& font)
    {
        painter.setFont(font);
        painter.drawText(rect, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter),
            painter.fontMetrics().elidedText(text, Qt::ElideRight, rect.width()));
    }

    const Theme& m_theme;
};

} // namespace

PaletteDialog::PaletteDialog(
    const Theme& theme, PaletteSources sources, const QString& text, QWidget* parent)
    : QDialog(parent, Qt::Dialog | Qt::FramelessWindowHint)
    , m_theme(theme)
    , m_sources(std::move(sources))
    , m_input(new QLineEdit(this))
    , m_list(new QListWidget(this))
{
    setObjectName(QStringLiteral("palette_dialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Commands"));
    m_input->setObjectName(QStringLiteral("palette_input"));
    m_input->setAccessibleName(tr("Command, shard, page or job"));
    m_input->setPlaceholderText(
        tr("Command or shard    > commands   # shards   @ event   / filter"));
    m_input->setTextMargins(kSpaceSmall, 0, kSpaceSmall, 0);
    m_input->setMinimumHeight(32);
    m_input->setText(text);
    m_list->setObjectName(QStringLiteral("palette_list"));
    m_list->setAccessibleName(tr("What matches"));
    m_list->setFocusPolicy(Qt::NoFocus); // the arrows of the line move in it
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setItemDelegate(new EntryDelegate(theme, this));
    m_list->setUniformItemSizes(true);
    m_list->setFixedHeight(kRowsShown * theme.rowHeight() + 2);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kSpace, kSpace, kSpace, kSpace);
    layout->addWidget(m_input);
    layout->addWidget(m_list);
    setFixedWidth(kWidth);
    m_input->installEventFilter(this);
    connect(m_input, &QLineEdit::textChanged, this, &PaletteDialog::showEntries);
    connect(m_list, &QListWidget::itemClicked, this, &PaletteDialog::choose);
    showEntries();
}

void PaletteDialog::showEntries()
{
    m_entries = findEntries(m_input->text(), m_sources);
    m_list->clear();
    for (const auto& entry : m_entries) {
        auto* item = new QListWidgetItem(entry.title, m_list);
        item->setData(kDetailRole, entry.detail);
        item->setData(kShortcutRole, entry.shortcut);
        if (entry.status)
            item->setData(kStatusRole, static_cast<int>(*entry.status));
        item->setData(Qt::AccessibleTextRole,
            QStringList { entry.title, entry.detail, entry.shortcut }.join(u' ').simplified());
    }
    if (m_entries.empty()) {
        auto* none = new QListWidgetItem(
            m_input->text() == u"@" ? tr("Type or paste an event id") : tr("Nothing matches"),
            m_list);
        none->setFlags(Qt::NoItemFlags);
        return;
    }
    m_list->setCurrentRow(0);
}

void PaletteDialog::choose()
{
    const int row = m_list->currentRow();
    if (row < 0 || row >= static_cast<int>(m_entries.size()))
        return;
    const PaletteEntry entry = m_entries[static_cast<std::size_t>(row)];
    close();
    Q_EMIT chosen(entry); // after closing: what it opens must not lose the focus again
}

bool PaletteDialog::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_input || event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(watched, event);
    const int rows = static_cast<int>(m_entries.size());
    const int row = m_list->currentRow();
    switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Down:
        m_list->setCurrentRow(rows == 0 ? -1 : (row + 1) % rows);
        return true;
    case Qt::Key_Up:
        m_list->setCurrentRow(rows == 0 ? -1 : (row + rows - 1) % rows);
        return true;
    case Qt::Key_PageDown:
        m_list->setCurrentRow(std::min(rows - 1, row + kRowsShown));
        return true;
    case Qt::Key_PageUp:
        m_list->setCurrentRow(rows == 0 ? -1 : std::max(0, row - kRowsShown));
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        choose();
        return true;
    default:
        return QDialog::eventFilter(watched, event);
    }
}

void PaletteDialog::changeEvent(QEvent* event)
{
    QDialog::changeEvent(event);
    if (event->type() == QEvent::ActivationChange && isVisible() && !isActiveWindow())
        close();
}

} // namespace ui
