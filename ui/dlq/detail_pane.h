// One dead letter in full: payload, response, request, attempts. GUI thread.
#pragma once

#include "guards/guard_rules.h"
#include "window/page.h"

#include <engine/pages.h>

#include <QThreadPool>
#include <QTimer>
#include <QWidget>

#include <functional>
#include <optional>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTabWidget;
class QTableWidget;

namespace ui {

class DiffView;
class TextView;

// Reads what it shows 120 ms after it was asked for, so that walking through a list with the arrow
// keys asks for nothing that nobody looks at; lays JSON out in a worker thread. Personal data is
// masked unless the operator unmasks it, which is off at every start and for every new entry shown
// after Esc or a page change. What is copied is always masked.
class DetailPane final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DetailPane)
public:
    static constexpr int kReadDelayMs = 120;

    explicit DetailPane(const ConsoleContext& context, QWidget* parent = nullptr);

    void show(std::optional<engine::DeadLetterId> id);
    void setMasked(); // unmasking ends
    void focusFind();
    void setGuard(const Guard& guard); // sending again is off where the safety level allows none
    [[nodiscard]] const std::optional<engine::DeadLetterDetail>& detail() const { return m_detail; }
    [[nodiscard]] bool hasRequest() const; // that can be copied as curl
    [[nodiscard]] QString curlText() const;

Q_SIGNALS:
    // A plain number: moc of Qt 6.4 cannot take an enum of 64 bits in a signal.
    void replayRequested(qint64 id);
    // What has this field of the payload, with this value (empty: any).
    void filterRequested(const QString& path, const QString& value);

private:
    QWidget* makeTop();
    QWidget* makeFindRow();
    QWidget* makeButtons();
    void showReplay();
    void read();
    void accept(engine::Result<engine::DeadLetterDetail> answer);
    void showTexts();
    void showAttempts();
    void showSummary();
    void find(bool isBackward);
    void updateFindCount();
    [[nodiscard]] TextView* currentText() const;
    void unmask(bool isWanted);
    void layOut(TextView* view, const std::string& text);
    void copyText() const;
    [[nodiscard]] QString platformPrefix() const;

    const ConsoleContext& m_context;
    std::optional<engine::DeadLetterId> m_id {};
    std::optional<engine::DeadLetterDetail> m_detail {};
    std::uint64_t m_generation { 0 }; // of the entry
    std::uint64_t m_layout { 0 }; // of the texts, which masking changes too
    QThreadPool m_worker {}; // joined before anything that its jobs answer to goes
    QTimer m_delay {};
    QLabel* m_summary { nullptr };
    QLabel* m_reason { nullptr };
    QTabWidget* m_tabs { nullptr };
    TextView* m_payload { nullptr };
    TextView* m_response { nullptr };
    TextView* m_request { nullptr };
    QTableWidget* m_attempts { nullptr };
    DiffView* m_diff { nullptr };
    QLineEdit* m_find { nullptr };
    QLabel* m_findCount { nullptr };
    QCheckBox* m_unmask { nullptr };
    QPushButton* m_copy { nullptr };
    QPushButton* m_copyCurl { nullptr };
    QPushButton* m_replay { nullptr };
    Guard m_guard {};
};

} // namespace ui
