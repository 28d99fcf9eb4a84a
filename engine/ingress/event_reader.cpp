#include "ingress/event_reader.h"

#include "ingress/event_time.h"

#include <algorithm>

namespace engine::ingress {
namespace {

const Json* present(const Json& event, std::string_view name)
{
    const Json* const value = event.find(name);
    return value == nullptr || value->isNull() ? nullptr : value;
}

// A text for a name or an id: it is compared, logged, and part of URLs and file names later.
std::string complaintAbout(const Json& value, std::size_t bytesMax)
{
    if (!value.isString())
        return "must be a string";
    const std::string& text = value.text();
    if (text.empty())
        return "must not be empty";
    if (text.size() > bytesMax)
        return "is longer than " + std::to_string(bytesMax) + " bytes";
    const bool hasControl = std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20U || byte == 0x7fU;
    });
    return hasControl ? "must not contain control characters" : "";
}

class Reader {
public:
    Reader(const BodyItem& item, std::size_t index, const ReadOptions& options)
        : m_item(item)
        , m_index(index)
        , m_options(options)
    {
    }

    std::variant<NewEvent, std::vector<FieldProblem>> read()
    {
        if (!m_item.problem.empty())
            return std::vector { FieldProblem { {}, m_item.problem } };
        if (!m_item.json.isObject())
            return std::vector { FieldProblem { {}, "must be a JSON object" } };
        m_event.workspace = m_options.workspace;
        m_event.receivedAt = m_options.now;
        readType();
        readName();
        readId();
        readTime();
        checkFields(m_item.json, kProblemsMax, m_problems);
        if (!m_problems.empty())
            return std::move(m_problems);
        m_event.payload = std::string(m_item.text);
        m_event.contentHash = contentHashOf(m_item.text);
        return std::move(m_event);
    }

private:
    void readType()
    {
        const Json* const given = present(m_item.json, "type");
        if (given == nullptr)
            return;
        const auto type = given->isString() ? parseEventType(given->text()) : std::nullopt;
        if (!type)
            return say("type",
                "must be track, page, screen, identify, suppress, unsuppress, delete, message or "
                "broadcast");
        m_event.type = *type;
    }

    void readName()
    {
        const Json* const given = present(m_item.json, "event_name");
        if (given == nullptr) {
            if (m_event.type == EventType::Track)
                return say("event_name", "is missing");
            m_event.name = toString(m_event.type);
            return;
        }
        if (auto complaint = complaintAbout(*given, kEventNameBytesMax); !complaint.empty())
            return say("event_name", std::move(complaint));
        m_event.name = given->text();
    }

    void readId()
    {
        const Json* const given = present(m_item.json, "event_id");
        if (given != nullptr) {
            if (auto complaint = complaintAbout(*given, kEventIdBytesMax); !complaint.empty())
                return say("event_id", std::move(complaint));
            m_event.eventId = given->text();
            return;
        }
        m_event.isEventIdGenerated = true;
        m_event.eventId = m_options.idempotencyKey.empty()
            ? makeUuid7(m_options.now, m_options.random)
            : deriveUuid({ .workspace = m_options.workspace,
                .idempotencyKey = m_options.idempotencyKey,
                .index = m_index });
    }

    void readTime()
    {
        const Json* const given = present(m_item.json, "event_time");
        if (given == nullptr) {
            m_event.eventTime = m_options.now;
            m_event.isEventTimeAssigned = true;
            return;
        }
        const auto time = readEventTime(*given, m_options.now);
        if (!time)
            return say("event_time", time.error().message);
        m_event.eventTime = *time;
    }

    void say(std::string field, std::string reason)
    {
        m_problems.push_back({ std::move(field), std::move(reason) });
    }

    const BodyItem& m_item;
    std::size_t m_index;
    const ReadOptions& m_options;
    NewEvent m_event {};
    std::vector<FieldProblem> m_problems {};
};

} // namespace

std::variant<NewEvent, std::vector<FieldProblem>> readEvent(
    const BodyItem& item, std::size_t index, const ReadOptions& options)
{
    return Reader(item, index, options).read();
}

std::uint64_t contentHashOf(std::string_view payload)
{
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : payload) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3ULL;
    }
    return hash;
}

} // namespace engine::ingress
