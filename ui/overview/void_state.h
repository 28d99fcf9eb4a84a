// What stands where a list would be when there is nothing to list: loading, empty, nothing matches,
// failed. Each looks different and says what to do. GUI thread only.
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QTimer;

namespace ui {

class Theme;

// `list` is the object name of the list; the parts are named "<list>_loading", "<list>_retry" ….
class VoidState final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(VoidState)
public:
    enum class Kind { None, Loading, Empty, FilteredEmpty, Failed };
    VoidState(const Theme& theme, const QString& list, QWidget* parent = nullptr);

    // `action` is the text of the one button; none when empty.
    void show(Kind kind, const QString& text, const QString& action = {});
    void clear();
    [[nodiscard]] Kind kind() const { return m_kind; }

Q_SIGNALS:
    void actionTriggered(ui::VoidState::Kind kind);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QString m_list;
    Kind m_kind { Kind::None };
    QLabel* m_text;
    QPushButton* m_button;
    QTimer* m_skeletonDelay; // bars only when loading takes longer than 150 ms
};

} // namespace ui
