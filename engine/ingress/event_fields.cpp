#include "ingress/event_fields.h"

#include <algorithm>
#include <array>
#include <span>

namespace engine::ingress {
namespace {

enum class Shape : std::uint8_t {
    Text,
    TextOrNumber, // ids: many systems number theirs, and the digits are kept as they are
    Sha256, // 64 hexadecimal digits: an address in clear here would leave for the platform as it is
    Md5,
    Decimal, // a number, or a text that holds one without exponent
    Count, // a whole number from 0
    Flag,
    Currency,
    Consent,
    ActionSource,
    Object,
};

struct Field {
    std::string_view name {};
    Shape shape { Shape::Text };
};

constexpr std::array kEvent {
    Field { "action_source", Shape::ActionSource },
    Field { "event_source_url", Shape::Text },
    Field { "referrer_url", Shape::Text },
    Field { "value", Shape::Decimal },
    Field { "currency", Shape::Currency },
    Field { "order_id", Shape::TextOrNumber },
    Field { "num_items", Shape::Count },
    Field { "search_string", Shape::Text },
    Field { "description", Shape::Text },
    Field { "content_type", Shape::Text },
    Field { "predicted_ltv", Shape::Decimal },
    Field { "opt_out", Shape::Flag },
    Field { "properties", Shape::Object },
    Field { "routing", Shape::Object },
};
constexpr std::array kUser {
    Field { "email", Shape::Text },
    Field { "email_sha256", Shape::Sha256 },
    Field { "email_sha256_google", Shape::Sha256 },
    Field { "email_md5", Shape::Md5 },
    Field { "email_sha256_md5", Shape::Sha256 },
    Field { "phone_e164", Shape::Text },
    Field { "phone_sha256_plus", Shape::Sha256 },
    Field { "phone_sha256_digits", Shape::Sha256 },
    Field { "external_id", Shape::TextOrNumber },
    Field { "external_id_sha256", Shape::Sha256 },
    Field { "first_name_sha256", Shape::Sha256 },
    Field { "last_name_sha256", Shape::Sha256 },
    Field { "city_sha256", Shape::Sha256 },
    Field { "state_sha256", Shape::Sha256 },
    Field { "zip_sha256", Shape::Sha256 },
    Field { "country_sha256", Shape::Sha256 },
    Field { "dob_sha256", Shape::Sha256 },
    Field { "gender_sha256", Shape::Sha256 },
    Field { "country_iso2", Shape::Text },
    Field { "first_name", Shape::Text },
    Field { "last_name", Shape::Text },
    Field { "company", Shape::Text },
    Field { "title", Shape::Text },
    Field { "ip", Shape::Text },
    Field { "user_agent", Shape::Text },
    Field { "locale", Shape::Text },
    Field { "anonymous_id", Shape::TextOrNumber },
};
constexpr std::array kDevice {
    Field { "idfa", Shape::Text },
    Field { "gaid", Shape::Text },
    Field { "idfv", Shape::Text },
    Field { "os", Shape::Text },
    Field { "app_id", Shape::TextOrNumber },
    Field { "app_version", Shape::TextOrNumber },
    Field { "att_status", Shape::TextOrNumber },
};
constexpr std::array kClick {
    Field { "fbclid", Shape::Text },
    Field { "fbc", Shape::Text },
    Field { "fbp", Shape::Text },
    Field { "gclid", Shape::Text },
    Field { "gbraid", Shape::Text },
    Field { "wbraid", Shape::Text },
    Field { "ttclid", Shape::Text },
    Field { "ttp", Shape::Text },
    Field { "li_fat_id", Shape::Text },
    Field { "msclkid", Shape::Text },
    Field { "twclid", Shape::Text },
    Field { "epik", Shape::Text },
    Field { "sccid", Shape::Text },
    Field { "scid", Shape::Text },
    Field { "rdt_cid", Shape::Text },
    Field { "rdt_uuid", Shape::Text },
    Field { "tblci", Shape::Text },
    Field { "obclid", Shape::Text },
    Field { "crto_mapped_user_id", Shape::Text },
    Field { "criteo_page_view_id", Shape::Text },
    Field { "time_us", Shape::Count },
};
constexpr std::array kConsent {
    Field { "ad_user_data", Shape::Consent },
    Field { "ad_personalization", Shape::Consent },
    Field { "limited_data_use", Shape::Flag },
    Field { "ldu_country", Shape::TextOrNumber }, // Meta numbers its countries and regions
    Field { "ldu_region", Shape::TextOrNumber },
};
constexpr std::array kItem {
    Field { "id", Shape::TextOrNumber },
    Field { "name", Shape::Text },
    Field { "brand", Shape::Text },
    Field { "category", Shape::Text },
    Field { "price", Shape::Decimal },
    Field { "quantity", Shape::Count },
};
struct Group {
    std::string_view name {};
    std::span<const Field> fields {};
};
constexpr std::array kGroups {
    Group { "user", kUser },
    Group { "device", kDevice },
    Group { "click", kClick },
    Group { "consent", kConsent },
};

bool isHex(const Json& value, std::size_t length)
{
    const std::string& text = value.text();
    return value.isString() && text.size() == length
        && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
           });
}

// A JSON number is one already; a text must be one, without exponent: platforms take it as text.
bool isDecimal(const Json& value)
{
    if (value.isNumber())
        return true;
    std::string_view text = value.text();
    if (!value.isString() || text.empty())
        return false;
    if (text.front() == '-')
        text.remove_prefix(1);
    const auto point = text.find('.');
    const auto isDigits = [](std::string_view part) {
        return !part.empty()
            && std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    return isDigits(text.substr(0, point))
        && (point == std::string_view::npos || isDigits(text.substr(point + 1)));
}

bool isOneOf(const Json& value, std::span<const std::string_view> allowed)
{
    return value.isString()
        && std::find(allowed.begin(), allowed.end(), value.text()) != allowed.end();
}

bool isCurrency(const Json& value)
{
    const std::string& text = value.text();
    return value.isString() && text.size() == 3
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool isCount(const Json& value)
{
    const auto count = value.isNumber() ? value.asInt() : std::nullopt;
    return count && *count >= 0;
}

// Null when the value has its shape, else what it must be.
const char* complaint(const Json& value, Shape shape)
{
    static constexpr std::array<std::string_view, 3> kConsents { "granted", "denied", "unknown" };
    static constexpr std::array<std::string_view, 9> kSources { "website", "app", "physical_store",
        "phone_call", "email", "chat", "crm", "system_generated", "other" };
    switch (shape) {
    case Shape::Text:
        return value.isString() ? nullptr : "must be a string";
    case Shape::TextOrNumber:
        return value.isString() || value.isNumber() ? nullptr : "must be a string or a number";
    case Shape::Sha256:
        return isHex(value, 64) ? nullptr : "must be a SHA-256 in 64 hexadecimal digits";
    case Shape::Md5:
        return isHex(value, 32) ? nullptr : "must be an MD5 in 32 hexadecimal digits";
    case Shape::Decimal:
        return isDecimal(value) ? nullptr : "must be a number, or a string with a decimal number";
    case Shape::Count:
        return isCount(value) ? nullptr : "must be a whole number, 0 or more";
    case Shape::Flag:
        return value.isBool() ? nullptr : "must be true or false";
    case Shape::Currency:
        return isCurrency(value) ? nullptr : "must be an ISO 4217 code of three capital letters";
    case Shape::Consent:
        return isOneOf(value, kConsents) ? nullptr : "must be granted, denied or unknown";
    case Shape::ActionSource:
        return isOneOf(value, kSources)
            ? nullptr
            : "must be website, app, physical_store, phone_call, email, chat, crm, "
              "system_generated or other";
    case Shape::Object:
        return value.isObject() ? nullptr : "must be an object";
    }
    return nullptr;
}

class Checker {
public:
    Checker(std::size_t problemsMax, std::vector<FieldProblem>& problems)
        : m_problemsMax(problemsMax)
        , m_problems(problems)
    {
    }

    void check(const Json& object, std::span<const Field> fields, const std::string& prefix)
    {
        // Over the members and not over the table: an event has few of the many known fields.
        for (const auto& [name, value] : object.members()) {
            const auto field = std::find_if(fields.begin(), fields.end(),
                [&name = name](const Field& known) { return known.name == name; });
            if (field == fields.end() || value.isNull())
                continue;
            if (const char* const reason = complaint(value, field->shape))
                say(prefix + name, reason);
        }
    }

    // False when it is there and no object.
    [[nodiscard]] bool isObject(const Json* value, const std::string& path)
    {
        if (value == nullptr || value->isNull())
            return false;
        if (!value->isObject())
            say(path, "must be an object");
        return value->isObject();
    }

    void checkItems(const Json* items)
    {
        if (items == nullptr || items->isNull())
            return;
        if (!items->isArray())
            return say("items", "must be an array");
        for (std::size_t i = 0; i < items->items().size(); ++i) {
            const std::string path = "items[" + std::to_string(i) + ']';
            const Json& item = items->items()[i];
            if (!item.isObject())
                say(path, "must be an object");
            check(item, kItem, path + '.');
        }
    }

private:
    void say(std::string field, std::string reason)
    {
        if (m_problems.size() < m_problemsMax)
            m_problems.push_back({ std::move(field), std::move(reason) });
    }

    std::size_t m_problemsMax;
    std::vector<FieldProblem>& m_problems;
};

} // namespace

void checkFields(const Json& event, std::size_t problemsMax, std::vector<FieldProblem>& problems)
{
    Checker checker(problemsMax, problems);
    checker.check(event, kEvent, {});
    for (const Group& group : kGroups) {
        const std::string name(group.name);
        const Json* const inner = event.find(name);
        if (checker.isObject(inner, name))
            checker.check(*inner, group.fields, name + '.');
    }
    checker.checkItems(event.find("items"));
}

} // namespace engine::ingress
