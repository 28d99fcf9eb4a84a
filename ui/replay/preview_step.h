// Step 2: what would be sent, what would not and why; samples of it, and every entry. GUI thread.
#pragma once

#include "replay/replay_draft.h"
#include "window/page.h"

#include <QWidget>

#include <map>

class QCheckBox;
class QGridLayout;
class QLabel;
class QPushButton;
class QTabWidget;
class QTableWidget;
class QToolButton;

namespace ui {

class PartList;
class SampleView;

class PreviewStep final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PreviewStep)
public:
    explicit PreviewStep(const ConsoleContext& context, QWidget* parent = nullptr);

    void setDraft(const ReplayDraft& draft);
    // While it is being counted: what is known so far.
    void setCounting(std::int64_t atLeast);
    [[nodiscard]] bool includeUnknown() const;
    [[nodiscard]] bool includeSameError() const;

Q_SIGNALS:
    void changed(); // what is taken in
    void recountRequested();
    void eventRequested(const QString& eventId);

private:
    struct Count {
        QLabel* value { nullptr };
        QToolButton* view { nullptr };
    };
    QWidget* makeTop();
    void setCounted(bool isCounted);
    QWidget* makeCounts();
    void addCount(
        QGridLayout& grid, engine::PreviewPart part, const char* name, const QString& explanation);
    void makeTable();
    void showShards(const engine::ReplayPreview& preview);
    void showTakes(const ReplayDraft& draft, const engine::ReplayPreview& preview);

    const ConsoleContext& m_context;
    QLabel* m_head { nullptr };
    QLabel* m_sum { nullptr };
    QLabel* m_matched { nullptr };
    QPushButton* m_recount { nullptr };
    std::map<engine::PreviewPart, Count> m_counts {};
    QCheckBox* m_takeUnknown;
    QCheckBox* m_takeSameError;
    QTabWidget* m_tabs;
    QTableWidget* m_table;
    SampleView* m_samples;
    PartList* m_parts;
};

} // namespace ui
