// What stands in place of the console while the engine does not start: why, and the way on.
// GUI thread.
#pragma once

#include <engine/result.h>

#include <QWidget>

namespace ui {

class Theme;
class VoidState;

// A window of its own: no page has anything to show without an engine. Closing it is giving up.
class StartFault final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StartFault)
public:
    explicit StartFault(const Theme& theme, QWidget* parent = nullptr);

    void setError(const engine::Error& error); // of the newest try

Q_SIGNALS:
    void retryRequested();

private:
    VoidState* m_state;
    QString m_detail {};
};

} // namespace ui
