// Removing archived dead letters for good: the count is typed, and nothing brings them back. GUI
// thread.
#pragma once

#include <engine/pages.h>

#include <QFrame>

class QLabel;
class QLineEdit;
class QPushButton;

namespace ui {

class PurgeBar final : public QFrame {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PurgeBar)
public:
    explicit PurgeBar(QWidget* parent = nullptr);

    void ask(const engine::ReplayPreview& frozen); // what the button was pressed for

Q_SIGNALS:
    void purgeRequested(qint64 selection, const QString& reason);

private:
    void check();

    engine::ReplayPreview m_frozen {};
    QLabel* m_text;
    QLineEdit* m_typed;
    QLineEdit* m_reason;
    QPushButton* m_purge;
};

} // namespace ui
