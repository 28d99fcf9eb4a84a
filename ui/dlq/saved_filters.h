// Filter lines that somebody wants again: kept with the look of the console, not in the engine. GUI
// thread.
#pragma once

#include <QStringList>
#include <QToolButton>

class QSettings;

namespace ui {

class SavedFilters final : public QToolButton {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SavedFilters)
public:
    static constexpr int kMax = 50; // the oldest goes first

    explicit SavedFilters(QWidget* parent = nullptr);

    void setLine(const QString& line); // what "Save this filter" would save
    [[nodiscard]] const QStringList& lines() const { return m_lines; }
    void save(QSettings& settings) const;
    void restore(QSettings& settings);

Q_SIGNALS:
    void chosen(const QString& line);

private:
    void fill();

    QStringList m_lines {};
    QString m_line {};
};

} // namespace ui
