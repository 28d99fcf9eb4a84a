// Takes one secret, puts it into the keychain, and forgets it. GUI thread.
#pragma once

#include <engine/result.h>

#include <QDialog>

#include <functional>
#include <string>

class QLabel;
class QLineEdit;
class QPushButton;

namespace ui {

class SecretDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SecretDialog)
public:
    using Keep = std::function<engine::Status(const std::string& name, const std::string& value)>;

    // `into` may wait for the owner's password: it is called away from the window.
    SecretDialog(Keep into, const QString& name, QWidget* parent = nullptr);

Q_SIGNALS:
    void kept(const QString& name);

private:
    void submit();
    void showButtons();

    Keep m_keep;
    bool m_isBusy { false };
    QLineEdit* m_name { nullptr };
    QLineEdit* m_secret { nullptr };
    QLabel* m_message { nullptr };
    QPushButton* m_ok { nullptr };
};

} // namespace ui
