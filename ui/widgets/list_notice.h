// What stands in place of a list, or above it: loading, empty, nothing matches, failed. Four
// different voids that look different and say what to do. GUI thread.
#pragma once

#include <QFrame>
#include <QTimer>

class QLabel;
class QProgressBar;
class QPushButton;

namespace ui {

// Named after its list: the parts are <list>_loading, _empty, _filteredEmpty, _error, _retry,
// _cancel.
class ListNotice final : public QFrame {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ListNotice)
public:
    explicit ListNotice(const QString& list, QWidget* parent = nullptr);

    // Reading can be given up: the button for it appears when reading has taken three seconds.
    void setCancellable();
    void offerCancel(); // they have passed
    void clear(); // the list is there
    void showLoading(const QString& text); // appears after 150 ms: quick answers do not flicker
    void showEmpty(const QString& text, const QString& action = {});
    void showFilteredEmpty(const QString& text);
    void showError(const QString& text, const QString& detail);

Q_SIGNALS:
    void actionRequested(); // of the empty list
    void clearFilterRequested();
    void retryRequested();
    void cancelRequested();

private:
    enum class Kind { None, Loading, Empty, FilteredEmpty, Error };
    void show(Kind kind, const QString& text, const QString& action);

    QString m_list;
    Kind m_kind { Kind::None };
    QLabel* m_text;
    QProgressBar* m_busy;
    QPushButton* m_action;
    QPushButton* m_copy;
    QPushButton* m_cancel;
    QString m_detail {};
    QTimer m_delay {};
    QTimer m_cancelDelay {};
    bool m_isCancellable { false };
};

} // namespace ui
