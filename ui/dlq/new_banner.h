// "1,204 new since 14:07 · Load": what came after a list was read, which does not move by itself.
// GUI thread.
#pragma once

#include <engine/time.h>

#include <QFrame>

class QLabel;

namespace ui {

class NewBanner final : public QFrame {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NewBanner)
public:
    explicit NewBanner(QWidget* parent = nullptr);

    // `isExact`: each of them matches the filter; otherwise nobody knows before they are read.
    void setAdded(std::int64_t count, engine::WallTime since, bool isExact);

Q_SIGNALS:
    void loadRequested();

private:
    QLabel* m_text;
};

} // namespace ui
