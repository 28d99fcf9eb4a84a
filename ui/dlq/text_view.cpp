#include "dlq/text_view.h"

#include "dlq/json_outline.h"
#include "format/format.h"
#include "theme/theme.h"

#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTextDocument>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <vector>

namespace ui {
namespace {

constexpr int kPathRole = Qt::UserRole;

} // namespace

TextView::TextView(
    const Theme& theme, const QString& name, const QString& title, QWidget* parent, Kind kind)
    : QWidget(parent)
    , m_kind(kind)
    , m_stack(new QStackedWidget(this))
    , m_edit(new QPlainTextEdit(m_stack))
    , m_tree(new QTreeWidget(m_stack))
    , m_notice(new QLabel(this))
    , m_showAll(new QPushButton(this))
{
    m_edit->setObjectName(name);
    m_edit->setAccessibleName(title);
    m_edit->setReadOnly(true);
    m_edit->setUndoRedoEnabled(false); // a payload of megabytes must not be kept twice
    m_edit->setFont(Theme::fixedFont());
    m_edit->setLineWrapMode(QPlainTextEdit::NoWrap);
    // Readable by keyboard without being editable.
    m_edit->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_tree->setObjectName(name + QStringLiteral("Tree"));
    m_tree->setAccessibleName(tr("%1 as a tree").arg(title));
    m_tree->setHeaderLabels({ tr("Field"), tr("Value") });
    m_tree->setFont(Theme::fixedFont());
    m_tree->setUniformRowHeights(true);
    m_tree->header()->setStretchLastSection(true);
    m_notice->setTextFormat(Qt::PlainText);
    m_notice->setWordWrap(true);
    m_notice->setFont(theme.bodyFont());
    m_notice->setMargin(kSpaceSmall);
    m_notice->hide();
    m_showAll->hide();
    m_stack->addWidget(m_edit);
    m_stack->addWidget(m_tree);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceSmall);
    column->addWidget(m_notice);
    column->addWidget(m_stack, 1);
    column->addWidget(m_showAll);
    column->addWidget(makeFoot(name));
    connect(m_showAll, &QPushButton::clicked, this, [this] {
        m_isWhole = true;
        show();
    });
    connect(m_edit, &QPlainTextEdit::cursorPositionChanged, this, &TextView::showPath);
    connect(m_tree, &QTreeWidget::currentItemChanged, this, &TextView::showPath);
}

QWidget* TextView::makeFoot(const QString& name)
{
    m_foot = new QWidget(this);
    m_pathText = new QLabel(m_foot);
    m_pathText->setObjectName(name + QStringLiteral("Path"));
    m_pathText->setTextFormat(Qt::PlainText);
    m_pathText->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_pathText->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    const auto button = [this, &name](const char* suffix, const QString& text) {
        auto* made = new QToolButton(m_foot);
        made->setObjectName(name + QLatin1String(suffix));
        made->setText(text);
        made->setAccessibleName(text);
        made->setToolButtonStyle(Qt::ToolButtonTextOnly);
        made->setMinimumHeight(kHitTargetMin);
        return made;
    };
    m_filter = button("Filter", tr("Filter by it", "by the field at the caret"));
    m_filter->setToolTip(tr("Finds the dead letters that have this field with this value"));
    m_filter->setEnabled(false);
    m_uncut = button("Uncut", tr("Long texts"));
    m_uncut->setToolTip(tr("Shows strings of more than %1 characters whole").arg(kLongString));
    m_uncut->setCheckable(true);
    m_uncut->hide();
    m_asTree = button("AsTree", tr("Tree"));
    m_asTree->setToolTip(tr("Shows the fields as a tree that folds"));
    m_asTree->setCheckable(true);
    auto* row = new QHBoxLayout(m_foot);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpaceSmall);
    row->addWidget(m_pathText, 1);
    for (auto* each : { m_filter, m_uncut, m_asTree })
        row->addWidget(each);
    m_foot->setVisible(m_kind == Kind::Json);
    connect(m_uncut, &QToolButton::toggled, this, [this](bool isOn) {
        m_isUncut = isOn;
        show();
    });
    connect(m_asTree, &QToolButton::toggled, this, [this](bool isOn) {
        m_stack->setCurrentWidget(isOn ? static_cast<QWidget*>(m_tree) : m_edit);
        if (isOn)
            showTree();
        showPath();
    });
    connect(
        m_filter, &QToolButton::clicked, this, [this] { Q_EMIT filterRequested(m_path, m_value); });
    return m_foot;
}

bool TextView::isTree() const { return m_kind == Kind::Json && m_asTree->isChecked(); }

void TextView::setText(const QString& text)
{
    m_text = text;
    m_isWhole = false;
    m_notice->hide();
    show();
}

void TextView::setNotice(const QString& text)
{
    m_text.clear();
    show();
    m_notice->setText(text);
    m_notice->show();
}

void TextView::show()
{
    const bool isCut = !m_isWhole && m_text.size() > kShownMax;
    QString shown = isCut ? m_text.left(kShownMax) : m_text;
    if (m_kind == Kind::Json) {
        Elided elided = elideLongStrings(shown, kLongString);
        m_uncut->setVisible(elided.count > 0);
        if (!m_isUncut)
            shown = std::move(elided.text);
    }
    m_edit->setPlainText(shown);
    m_showAll->setText(tr("Show all %1").arg(formatBytes(m_text.size())));
    m_showAll->setAccessibleName(m_showAll->text());
    m_showAll->setVisible(isCut);
    m_foot->setEnabled(!m_text.isEmpty());
    if (isTree())
        showTree();
    showPath();
}

// Of as many fields as a person may still look through; the text has them all.
void TextView::showTree()
{
    const QSignalBlocker blocker(m_tree);
    m_tree->clear();
    const auto items
        = outlineOf(elideLongStrings(m_text.left(kShownMax), kLongString).text, kTreeItemsMax);
    std::vector<QTreeWidgetItem*> parents;
    for (const OutlineItem& item : items) {
        parents.resize(std::min(parents.size(), static_cast<std::size_t>(item.depth)));
        const QString name = item.key.isEmpty() && !parents.empty()
            ? item.path.mid(item.path.lastIndexOf(u'['))
            : item.key;
        const QString value = item.isContainer ? QString() : item.value;
        auto* entry = parents.empty() ? new QTreeWidgetItem(m_tree, { item.path, value })
                                      : new QTreeWidgetItem(parents.back(), { name, value });
        entry->setData(0, kPathRole, item.path);
        entry->setToolTip(1, item.value);
        if (item.isContainer)
            parents.push_back(entry);
    }
    m_tree->expandToDepth(1);
    m_tree->resizeColumnToContents(0); // of at most kTreeItemsMax
}

void TextView::showPath()
{
    m_path.clear();
    m_value.clear();
    if (isTree()) {
        if (const auto* item = m_tree->currentItem()) {
            m_path = item->data(0, kPathRole).toString();
            m_value = item->text(1);
        }
    } else if (m_kind == Kind::Json && !m_text.isEmpty()) {
        const OutlineItem item = outlineAt(m_edit->toPlainText(), m_edit->textCursor().position());
        m_path = item.path;
        m_value = item.isContainer ? QString() : item.value;
    }
    if (m_value.contains(u'…')) // cut: it would find nothing
        m_value.clear();
    if (m_value.size() > 1 && m_value.startsWith(u'"'))
        m_value = m_value.mid(1, m_value.size() - 2);
    m_pathText->setText(m_path);
    m_pathText->setToolTip(m_path);
    m_filter->setEnabled(m_path.size() > 2);
}

void TextView::find(const QString& needle, bool isBackward)
{
    if (needle.isEmpty())
        return;
    if (isTree())
        m_asTree->setChecked(false); // found in the text, where everything is
    const auto flags = isBackward ? QTextDocument::FindFlags(QTextDocument::FindBackward)
                                  : QTextDocument::FindFlags();
    if (m_edit->find(needle, flags))
        return;
    m_edit->moveCursor(isBackward ? QTextCursor::End : QTextCursor::Start);
    m_edit->find(needle, flags);
}

int TextView::findCount(const QString& needle) const
{
    return needle.isEmpty()
        ? 0
        : static_cast<int>(m_edit->toPlainText().count(needle, Qt::CaseInsensitive));
}

} // namespace ui
