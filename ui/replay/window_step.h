// Step 1: which failures, chosen by hand or taken over from the list. GUI thread.
#pragma once

#include "replay/replay_draft.h"
#include "window/page.h"

#include <QWidget>

#include <utility>

class QCheckBox;
class QComboBox;
class QDateTimeEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace ui {

class WindowStep final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WindowStep)
public:
    explicit WindowStep(const ConsoleContext& context, QWidget* parent = nullptr);

    void setFilter(const engine::DeadLetterFilter& filter);
    // The filter as the fields say; nothing when they contradict, which the step shows itself.
    [[nodiscard]] std::optional<engine::DeadLetterFilter> filter();
    // The same while somebody is still choosing: nothing is shown.
    [[nodiscard]] std::optional<engine::DeadLetterFilter> draftFilter() const;
    [[nodiscard]] bool includeDelivered() const;
    void setIncludeDelivered(bool isOn);
    // The numbers beside the shards; what is ticked stays as it is.
    void applySnapshot(const engine::EngineSnapshot& snapshot);
    void setProblem(const QString& text);
    void setPending(bool isPending);

Q_SIGNALS:
    void previewRequested();
    void changed(); // a field

private:
    QWidget* makeScope();
    QWidget* makeTimes();
    void fillShards();
    void checkShards(const engine::DeadLetterFilter& filter);
    void readGroups();
    void setRange(int seconds);
    void showTimes();
    void watchFields();
    // The filter, and what is wrong with it.
    [[nodiscard]] std::pair<engine::DeadLetterFilter, QString> read() const;
    void tickedShards(engine::DeadLetterFilter& filter) const;

    const ConsoleContext& m_context;
    std::vector<engine::DeadLetterId> m_ids {}; // chosen by hand in the list
    QLabel* m_ideas;
    QTreeWidget* m_shards { nullptr };
    QComboBox* m_timeKind { nullptr };
    QDateTimeEdit* m_from { nullptr };
    QDateTimeEdit* m_to { nullptr };
    QWidget* m_times { nullptr };
    QComboBox* m_fingerprint { nullptr };
    QLineEdit* m_type { nullptr };
    QLineEdit* m_more { nullptr };
    QCheckBox* m_delivered { nullptr };
    QLabel* m_problem;
    QPushButton* m_preview { nullptr };
};

} // namespace ui
