// One line and a list: every command, shard, page and job by a few letters (Ctrl+K). Chooses only;
// what the choice does is the window's business. GUI thread only.
#pragma once

#include "palette/palette_entries.h"

#include <QDialog>

class QLineEdit;
class QListWidget;
class QListWidgetItem;

namespace ui {

// Deletes itself when it closes, which it does when something was chosen or the focus goes.
class PaletteDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PaletteDialog)
public:
    // `text` is typed already, for example "@".
    PaletteDialog(const Theme& theme, PaletteSources sources, const QString& text, QWidget* parent);

Q_SIGNALS:
    void chosen(const ui::PaletteEntry& entry);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void showEntries();
    void choose();

    const Theme& m_theme;
    PaletteSources m_sources;
    std::vector<PaletteEntry> m_entries; // as in the list
    QLineEdit* m_input;
    QListWidget* m_list;
};

} // namespace ui
