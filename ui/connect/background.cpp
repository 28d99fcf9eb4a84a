#include "connect/background.h"

#include <QCoreApplication>

namespace ui {

void runInBackground(std::function<void()> work, std::function<void()> done, QObject* context)
{
    auto* thread = QThread::create(std::move(work));
    thread->setObjectName(QStringLiteral("background"));
    QObject::connect(thread, &QThread::finished, context, std::move(done));
    QObject::connect(thread, &QThread::finished, thread, &QObject::deleteLater);
    QObject::connect(qApp, &QCoreApplication::aboutToQuit, thread, [thread] { thread->wait(); });
    thread->start();
}

} // namespace ui
