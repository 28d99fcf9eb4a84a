// "Connect a real destination…": what to send where, with which credential by reference, tested,
// looked at, and then written to the configuration file. GUI thread.
#pragma once

#include "guards/guard_rules.h"

#include <engine/connect.h>

#include <QDialog>

#include <functional>
#include <map>
#include <optional>
#include <vector>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace ui {

class Theme;

// What the sheet asks of the engine. All of it may block: it is called away from the window.
struct ConnectBackend {
    std::vector<engine::PlatformInfo> platforms {};
    std::function<engine::Result<engine::ConnectPlan>(
        const std::string& path, const engine::ConnectDraft& draft)>
        plan {};
    std::function<engine::Result<engine::LiveCheckReport>(
        const engine::ConnectPlan& plan, const engine::ConnectDraft& draft)>
        test {};
    std::function<engine::Status(const engine::ConnectPlan& plan)> write {};
    // Into the keychain of the operating system.
    std::function<engine::Status(const std::string& name, const std::string& value)> keepSecret {};
};

// Not modal. Every change plans again; what is shown is what would be written, and only that can
// be. An answer to an older question is dropped.
class ConnectSheet final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConnectSheet)
public:
    // `runningPath`: the file that the engine runs on; empty in the simulator.
    ConnectSheet(const Theme& theme, ConnectBackend backend, const QString& path,
        const QString& runningPath, QWidget* parent = nullptr);

    void setGuard(const Guard& guard); // writing is off where the safety level allows none
    [[nodiscard]] engine::ConnectDraft draft() const;

    // What a field of event names says: "purchase = 123, lead = 456"; nothing when it says neither.
    [[nodiscard]] static std::optional<std::map<std::string, std::string>> eventNamesIn(
        const QString& text);

Q_SIGNALS:
    void written(const QString& path);

private:
    void build(const Theme& theme, const QString& path);
    QLineEdit* addField(const QString& name, const QString& label, const QString& hint);
    QWidget* makeButtons();
    void choosePlatform();
    void chooseSet();
    void addCredential(const std::string& name);
    void keepSecret(const std::string& credential, QLineEdit* field);
    void plan();
    void showPlan(const engine::Result<engine::ConnectPlan>& plan);
    void test();
    void write();
    void showMessage(const QString& text);
    void showButtons();
    [[nodiscard]] bool isFilled() const;
    [[nodiscard]] const engine::PlatformInfo& platform() const;

    ConnectBackend m_backend;
    QString m_runningPath;
    Guard m_guard {};
    std::optional<engine::ConnectPlan> m_plan {}; // of what stands in the fields now
    std::uint64_t m_generation { 0 };
    bool m_isBusy { false };
    QFormLayout* m_form { nullptr };
    QComboBox* m_platform { nullptr };
    QLineEdit* m_name { nullptr };
    QLineEdit* m_account { nullptr };
    QLineEdit* m_endpoint { nullptr };
    QLineEdit* m_path { nullptr };
    QComboBox* m_set { nullptr };
    QLineEdit* m_events { nullptr };
    QPlainTextEdit* m_more { nullptr };
    std::vector<std::pair<std::string, QLineEdit*>> m_credentials {};
    QPlainTextEdit* m_preview { nullptr };
    QLabel* m_problems { nullptr };
    QLabel* m_message { nullptr };
    QPushButton* m_test { nullptr };
    QPushButton* m_write { nullptr };
};

// The findings of a plan, errors first, and the secrets that cannot be read yet. Pure.
[[nodiscard]] QString findingsText(const engine::CheckReport& report);

} // namespace ui
