// One piece of blocking work away from the window. GUI thread.
#pragma once

#include <QObject>
#include <QPointer>
#include <QThread>

#include <functional>
#include <memory>
#include <utility>

namespace ui {

// `work` runs in a thread of its own, `done` in this one with its result, and only while `context`
// is still there. The application waits for the thread at its end: work has to be bounded.
void runInBackground(std::function<void()> work, std::function<void()> done, QObject* context);

template <class T>
void runInBackground(std::function<T()> work, std::function<void(const T&)> done, QObject* context)
{
    auto result = std::make_shared<std::unique_ptr<T>>();
    runInBackground([work = std::move(work), result] { *result = std::make_unique<T>(work()); },
        [done = std::move(done), result] { done(**result); }, context);
}

} // namespace ui
