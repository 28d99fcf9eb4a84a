// One condition of the filter line: a click edits it, the cross takes it out. GUI thread.
#pragma once

#include <QFrame>

namespace ui {

class Theme;

class FilterChip final : public QFrame {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FilterChip)
public:
    FilterChip(const Theme& theme, const QString& text, QWidget* parent = nullptr);

Q_SIGNALS:
    void editRequested();
    void removeRequested();
};

} // namespace ui
