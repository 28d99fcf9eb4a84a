// A keychain in memory that answers when a test says so, in the thread of the test.
#pragma once

#include "secrets/keychain.h"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace engine::testing {

class FakeKeychain final : public secrets::Keychain {
public:
    void read(const std::string& name, OnRead done) override
    {
        ++reads;
        later([this, name, done = std::move(done)] {
            const auto found = entries.find(name);
            if (trouble)
                done(tl::unexpected(*trouble));
            else if (found == entries.end())
                done(fail(ErrorCode::NotFound, "no entry " + name));
            else
                done(found->second);
        });
    }
    void write(const std::string& name, const std::string& value, OnDone done) override
    {
        later([this, name, value, done = std::move(done)] {
            if (isReadOnly)
                return done(fail(ErrorCode::Unauthorized, "locked"));
            entries[name] = value;
            done({});
        });
    }
    void remove(const std::string& name, OnDone done) override
    {
        later([this, name, done = std::move(done)] {
            entries.erase(name);
            done({});
        });
    }
    void answer()
    {
        while (!m_waiting.empty()) {
            const auto work = std::move(m_waiting.front());
            m_waiting.pop_front();
            work();
        }
    }

    std::map<std::string, std::string> entries {};
    std::optional<Error> trouble {};
    bool isReadOnly { false };
    bool isSlow { false }; // answers only when told to
    int reads { 0 };

private:
    void later(std::function<void()> work)
    {
        m_waiting.push_back(std::move(work));
        if (!isSlow)
            answer();
    }
    std::deque<std::function<void()>> m_waiting {};
};

} // namespace engine::testing
