// SIGTERM, SIGINT and SIGHUP end the event loop, as closing the window would.
#pragma once

#include <QSocketNotifier>

#include <memory>

namespace app {

// One at a time, in the main thread, while the application lives. A second signal ends the process
// at once: whoever asks twice means it, and nothing acknowledged is lost by that.
class SignalsToQuit {
public:
    SignalsToQuit();
    ~SignalsToQuit();
    SignalsToQuit(const SignalsToQuit&) = delete;
    SignalsToQuit& operator=(const SignalsToQuit&) = delete;

private:
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace app
