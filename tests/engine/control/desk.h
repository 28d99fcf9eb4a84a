// A control API whose engine only writes down what it was told.
#pragma once

#include "control/control.h"
#include "engine/control/recording_port.h"
#include "support/fake_clock.h"

#include <memory>
#include <string>
#include <variant>

namespace engine::testing {

inline const WallTime kTime { std::chrono::sys_days { std::chrono::year { 2026 } / 11 / 27 }
    + std::chrono::hours { 9 } };

struct Desk {
    RecordingPort port {};
    FakeClock clock {};
    bool isHealthy { true };
    std::unique_ptr<control::ControlApi> api { makeApi() };

    [[nodiscard]] control::ControlPorts ports()
    {
        return { .engine = &port,
            .clock = &clock,
            .metricsText
            = [](const EngineSnapshot& s) { return "snapshot " + std::to_string(s.number); },
            .health = [this]() -> Status {
                if (isHealthy)
                    return {};
                return fail(ErrorCode::DiskFull, "The disk is full.");
            } };
    }
    [[nodiscard]] std::unique_ptr<control::ControlApi> makeApi()
    {
        return std::make_unique<control::ControlApi>(
            ports(), control::ControlKeys { .control = "key", .metrics = "metrics-key" });
    }
    http::ServerResponse ask(std::string method, std::string target, std::string body = {},
        const std::string& key = "key") const
    {
        http::ServerRequest request;
        request.method = std::move(method);
        request.target = std::move(target);
        request.body = std::move(body);
        if (!key.empty())
            request.headers.emplace_back("Authorization", "Bearer " + key);
        http::ServerResponse answer { .status = 0 };
        api->handle(
            request, [&answer](http::ServerResponse response) { answer = std::move(response); });
        return answer;
    }
    [[nodiscard]] Json json(std::string method, std::string target, std::string body = {}) const
    {
        const auto answer = ask(std::move(method), std::move(target), std::move(body));
        return parseJson(answer.body).value_or(Json {});
    }
};

inline std::string fieldOf(const http::ServerResponse& response)
{
    const auto json = parseJson(response.body);
    const Json* const field = json ? json->at("error.field") : nullptr;
    return field == nullptr ? std::string("no error") : field->text();
}

template <class What>
const What& last(const Desk& desk)
{
    return std::get<What>(desk.port.commands.back().what);
}

} // namespace engine::testing
