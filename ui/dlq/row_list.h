// The entries: table, what stands in its place, and whose entries they are. GUI thread.
#pragma once

#include "dlq/dead_letter_model.h"
#include "window/page.h"

#include <QWidget>

class QLabel;

namespace ui {

class DeadLetterView;
class ListNotice;

class RowList final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RowList)
public:
    explicit RowList(const ConsoleContext& context, QWidget* parent = nullptr);

    // `group`: that the entries are of; null for no group in particular. `isFiltered`: by a line of
    // the operator's.
    void load(DeadLetterModel::Query query, const engine::DeadLetterGroup* group, bool isFiltered);
    // While another list beside this one says that there is nothing at all.
    void setEmptyTold(bool isTold);
    [[nodiscard]] DeadLetterModel& model() { return *m_model; }
    [[nodiscard]] const DeadLetterModel& model() const { return *m_model; }
    [[nodiscard]] DeadLetterView& view() { return *m_view; }
    [[nodiscard]] const DeadLetterView& view() const { return *m_view; }

Q_SIGNALS:
    void statusChanged(); // loading, total
    void allRequested(); // of every group
    void clearFilterRequested();

private:
    QWidget* makeCaption();
    void showStatus();

    DeadLetterModel* m_model;
    DeadLetterView* m_view;
    ListNotice* m_notice;
    QWidget* m_caption { nullptr };
    QLabel* m_captionText { nullptr };
    bool m_isLoaded { false };
    bool m_isOfGroup { false };
    bool m_isFiltered { false };
    bool m_isEmptyTold { false };
};

} // namespace ui
