// The entries of one part of a preview: which are too old, which had no answer. GUI thread.
#pragma once

#include "window/page.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QTableWidget;

namespace ui {

class PartList final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PartList)
public:
    explicit PartList(const ConsoleContext& context, QWidget* parent = nullptr);

    // Offers the parts of this preview that hold anything.
    void setPreview(const engine::ReplayPreview& preview);
    void showPart(engine::PreviewPart part);
    void load(); // what is chosen; not again what is there already

Q_SIGNALS:
    void eventRequested(const QString& eventId); // Enter: look it up

private:
    void accept(const engine::Result<engine::SelectionItemsPage>& answer);

    const ConsoleContext& m_context;
    engine::SelectionId m_selection {};
    std::optional<engine::PreviewPart> m_loaded {};
    std::uint64_t m_asked { 0 };
    QComboBox* m_part;
    QLabel* m_note;
    QTableWidget* m_table;
};

// "outcome unknown": as the counts and the list name it.
[[nodiscard]] QString partName(engine::PreviewPart part);
[[nodiscard]] std::int64_t countOf(const engine::ReplayPreview& preview, engine::PreviewPart part);

} // namespace ui
