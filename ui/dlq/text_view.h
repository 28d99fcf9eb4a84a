// A read-only text: payloads, responses, requests; JSON also as a tree that folds. GUI thread.
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QToolButton;
class QTreeWidget;

namespace ui {

class Theme;

// Only the first kShownMax characters are laid out at once; "Show all" does the rest when asked,
// because laying out 30 MB takes the window's thread for a while and is rarely wanted. Long strings
// are cut until they are asked for. Below stands where in the document the caret is.
class TextView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TextView)
public:
    static constexpr int kShownMax = 262'144;
    static constexpr int kLongString = 400; // characters
    static constexpr int kTreeItemsMax = 5'000;

    enum class Kind { Json, Plain };
    // `name`: object name of the text itself; its parts are <name>Tree, <name>Path and so on.
    TextView(const Theme& theme, const QString& name, const QString& title,
        QWidget* parent = nullptr, Kind kind = Kind::Json);

    void setText(const QString& text);
    void setNotice(const QString& text); // instead of a text: "Reading…", "Payload gone: …"
    [[nodiscard]] const QString& fullText() const { return m_text; }
    void find(const QString& needle, bool isBackward = false);
    [[nodiscard]] int findCount(const QString& needle) const;

Q_SIGNALS:
    // What has this field, with this value as it is shown (empty: any).
    void filterRequested(const QString& path, const QString& value);

private:
    QWidget* makeFoot(const QString& name);
    void show();
    void showTree();
    void showPath();
    [[nodiscard]] bool isTree() const;

    Kind m_kind;
    QString m_text {};
    bool m_isWhole { false };
    bool m_isUncut { false };
    QString m_path {};
    QString m_value {};
    QStackedWidget* m_stack;
    QPlainTextEdit* m_edit;
    QTreeWidget* m_tree;
    QLabel* m_notice;
    QPushButton* m_showAll;
    QWidget* m_foot { nullptr };
    QLabel* m_pathText { nullptr };
    QToolButton* m_filter { nullptr };
    QToolButton* m_uncut { nullptr };
    QToolButton* m_asTree { nullptr };
};

} // namespace ui
