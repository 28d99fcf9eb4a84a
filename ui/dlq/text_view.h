// A read-only text with a find line: payloads, responses, requests. GUI thread.
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace ui {

class Theme;

// Only the first kShownMax characters are laid out at once; "Show all" does the rest when asked,
// because laying out 30 MB takes the window's thread for a while and is rarely wanted.
class TextView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TextView)
public:
    static constexpr int kShownMax = 262'144;

    // `name`: object name of the text itself.
    TextView(
        const Theme& theme, const QString& name, const QString& title, QWidget* parent = nullptr);

    void setText(const QString& text);
    void setNotice(const QString& text); // instead of a text: "Reading…", "Payload gone: …"
    [[nodiscard]] const QString& fullText() const { return m_text; }
    void find(const QString& needle, bool isBackward = false);
    [[nodiscard]] int findCount(const QString& needle) const;

private:
    void show(bool isWhole);

    QString m_text {};
    QPlainTextEdit* m_edit;
    QLabel* m_notice;
    QPushButton* m_showAll;
};

} // namespace ui
