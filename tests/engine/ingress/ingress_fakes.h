// A store and a platform that do what a test says.
#pragma once

#include "core/event.h"
#include "ingress/event_api.h"
#include "platforms/adapter.h"
#include "support/fake_clock.h"

#include <deque>
#include <map>
#include <mutex>
#include <tuple>

namespace engine::testing {

// Keeps batches until commit() or refuse(). Tells duplicates like the store: by workspace, id and
// name.
class FakeSink final : public EventSink {
public:
    using Reply = std::function<void(Result<std::vector<AcceptedItem>>)>;

    void accept(AcceptBatch batch, Reply reply) override
    {
        const std::scoped_lock lock(m_mutex);
        m_waiting.emplace_back(std::move(batch), std::move(reply));
    }
    std::size_t waiting()
    {
        const std::scoped_lock lock(m_mutex);
        return m_waiting.size();
    }
    // The oldest batch, as it would be stored, answered in the calling thread.
    AcceptBatch commit()
    {
        auto [batch, reply] = take();
        std::vector<AcceptedItem> items;
        for (const NewEvent& event : batch.events)
            items.push_back(itemFor(event));
        reply(std::move(items));
        return batch;
    }
    void refuse(Error error) { take().second(tl::unexpected(std::move(error))); }

private:
    std::pair<AcceptBatch, Reply> take()
    {
        const std::scoped_lock lock(m_mutex);
        auto first = std::move(m_waiting.front());
        m_waiting.pop_front();
        return first;
    }
    AcceptedItem itemFor(const NewEvent& event)
    {
        const auto key = std::tuple(event.workspace, event.eventId, event.name);
        const auto known = m_hashes.find(key);
        if (known == m_hashes.end()) {
            m_hashes.emplace(key, event.contentHash);
            return { .kind = AcceptKind::New };
        }
        return { .kind = known->second == event.contentHash ? AcceptKind::Duplicate
                                                            : AcceptKind::DuplicateDiffers };
    }

    std::mutex m_mutex {};
    std::deque<std::pair<AcceptBatch, Reply>> m_waiting {};
    std::map<std::tuple<std::string, std::string, std::string>, std::uint64_t> m_hashes {};
};

// Refuses events without user.email as "no_identifier"; its accounts are digits.
class FakeAdapter final : public platforms::Adapter {
public:
    [[nodiscard]] std::string_view platform() const override { return "fake"; }
    [[nodiscard]] std::string_view version() const override { return "1"; }
    [[nodiscard]] std::optional<platforms::NotForPlatform> unroutable(
        const platforms::CanonicalEvent& event, const DestinationConfig&) const override
    {
        if (event.json.at("user.email") == nullptr)
            return platforms::NotForPlatform { .reason = "no_identifier" };
        return std::nullopt;
    }
    [[nodiscard]] bool isAccountValid(std::string_view account) const override
    {
        return account.find_first_not_of("0123456789") == std::string_view::npos;
    }
    [[nodiscard]] platforms::Encoded encode(
        const platforms::CanonicalEvent&, const platforms::EncodeContext&) const override
    {
        return platforms::Record {};
    }
    [[nodiscard]] Result<HttpRequest> request(std::span<const platforms::Record>,
        const platforms::EncodeContext&, const platforms::Secrets&) const override
    {
        return HttpRequest {};
    }
    [[nodiscard]] platforms::LiveCheck liveCheck(const DestinationConfig&) const override
    {
        return {};
    }
    [[nodiscard]] platforms::Decoded decode(const HttpAnswer&, std::span<const platforms::Record>,
        const platforms::EncodeContext&) const override
    {
        return {};
    }
};

// Platform "fake"; "Order Completed" is an alias of "purchase", as is "Purchase".
inline ingress::PlatformPort fakePlatforms()
{
    static const FakeAdapter adapter;
    return {
        .adapterFor = [](std::string_view platform) -> const platforms::Adapter* {
            return platform == "fake" ? &adapter : nullptr;
        },
        .canonicalName = [](std::string_view name) -> std::string {
            return name == "Order Completed" || name == "Purchase" ? "purchase" : std::string(name);
        },
    };
}

inline DestinationConfig fakeDestination(std::string name)
{
    DestinationConfig destination;
    destination.name = std::move(name);
    destination.platform = "fake";
    destination.account = "100";
    return destination;
}

// Two workspaces, "shop" and "blog", whose keys are "key-shop" and "key-blog", and one destination.
inline Config fakeConfig()
{
    Config config;
    for (const char* name : { "shop", "blog" }) {
        WorkspaceConfig workspace;
        workspace.name = name;
        workspace.writeKeys.push_back(
            { .kind = SecretRef::Kind::Env, .name = std::string("key-") + name });
        config.workspaces.push_back(std::move(workspace));
    }
    config.destinations.push_back(fakeDestination("main"));
    return config;
}

// A secret's value is its name; "missing" cannot be read.
inline Result<std::string> fakeSecret(const SecretRef& reference)
{
    if (reference.name == "missing")
        return fail(ErrorCode::NotFound, "not set");
    return reference.name;
}

inline ingress::IngressPorts fakePorts(FakeSink& sink, const FakeClock& clock)
{
    ingress::IngressPorts ports;
    ports.sink = &sink;
    ports.clock = &clock;
    ports.platforms = fakePlatforms();
    ports.readSecret = fakeSecret;
    ports.random = [bits = std::uint64_t { 0 }]() mutable { return ++bits; };
    return ports;
}

} // namespace engine::testing
