// The table of dead letters: tells its model what is on screen. GUI thread.
#pragma once

#include <engine/ids.h>

#include <QTableView>
#include <QTimer>

#include <vector>

class QMenu;
class QSettings;

namespace ui {

class DeadLetterModel;
class Theme;

class DeadLetterView final : public QTableView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DeadLetterView)
public:
    DeadLetterView(const Theme& theme, DeadLetterModel& model, QWidget* parent = nullptr);

    // Rows selected; ids of those that are in memory.
    struct Selection {
        std::int64_t rows { 0 };
        std::vector<engine::DeadLetterId> ids {}; // at most kIdsMax
    };
    static constexpr int kIdsMax = 10'000;
    [[nodiscard]] Selection selected() const;
    [[nodiscard]] std::optional<engine::DeadLetterId> current() const;

    void copyCells(); // of the rows that are in memory; says so where that is not all
    void addColumns(QMenu& menu); // to choose from: by the titles, or by keys from a row
    void saveColumns(QSettings& settings) const;
    void restoreColumns(QSettings& settings);
    // Searching by typed letters would walk through a million rows; the filter line does that.
    void keyboardSearch(const QString& /*text*/) override { }

Q_SIGNALS:
    void selectionMoved(); // what is selected or current has changed
    void detailRequested(); // Enter or double click
    void said(const QString& text); // one line for the status bar

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;

private:
    void tellVisible();
    void fitColumns();
    [[nodiscard]] int widthOf(int column, const QString& text) const; // of a cell and its title

    DeadLetterModel& m_model;
    QTimer m_settle {};
    bool m_areColumnsChosen { false };
    bool m_isFitting { false };
};

} // namespace ui
