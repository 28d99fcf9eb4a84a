#include "platforms/fields.h"

#include <algorithm>

namespace engine::platforms {
namespace {

std::size_t skipDigits(std::string_view text, std::size_t from)
{
    while (from < text.size() && text[from] >= '0' && text[from] <= '9')
        ++from;
    return from;
}

} // namespace

bool isJsonNumber(std::string_view text)
{
    std::size_t at = !text.empty() && text.front() == '-' ? 1 : 0;
    const std::size_t whole = at;
    at = skipDigits(text, at);
    if (at == whole || (text[whole] == '0' && at > whole + 1))
        return false;
    if (at < text.size() && text[at] == '.') {
        const std::size_t first = ++at;
        at = skipDigits(text, at);
        if (at == first)
            return false;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-'))
            ++at;
        const std::size_t first = at;
        at = skipDigits(text, at);
        if (at == first)
            return false;
    }
    return at == text.size();
}

bool isPresent(const Json& event, std::string_view path)
{
    const Json* const value = event.at(path);
    return value != nullptr && !trimmed(value->text()).empty();
}

std::string textAt(const CanonicalEvent& event, std::string_view path)
{
    const Json* const value = event.json.at(path);
    return value != nullptr && (value->isString() || value->isNumber())
        ? std::string(trimmed(value->text()))
        : std::string {};
}

std::string orderIdOf(const CanonicalEvent& event, Fields& fields)
{
    const std::string_view given = fields.text("order_id");
    return given.empty() ? event.stored->eventId : std::string(given);
}

std::string_view Fields::text(std::string_view path)
{
    const Json* const value = m_event.at(path);
    if (value == nullptr || value->isNull())
        return {};
    if (value->isString() || value->isNumber())
        return trimmed(value->text());
    refuse(path, "must be text");
    return {};
}

std::optional<Json> Fields::decimal(std::string_view path)
{
    const std::string_view value = text(path);
    if (value.empty())
        return std::nullopt;
    if (!isJsonNumber(value)) {
        refuse(path, "is not a decimal number such as 99.90");
        return std::nullopt;
    }
    return Json::number(std::string(value));
}

std::string_view Fields::decimalText(std::string_view path)
{
    const std::string_view value = text(path);
    if (value.empty())
        return {};
    if (!isJsonNumber(value) || value.find_first_of("eE") != value.npos) {
        refuse(path, "is not a decimal number such as 99.90");
        return {};
    }
    return value;
}

std::optional<std::int64_t> Fields::integer(std::string_view path)
{
    if (text(path).empty())
        return std::nullopt;
    const auto value = m_event.at(path)->asInt();
    if (!value)
        refuse(path, "is not a whole number");
    return value;
}

std::string Fields::currency()
{
    std::string code = toUpperAscii(text("currency"));
    const bool isCode = code.size() == 3
        && std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!code.empty() && !isCode)
        refuse("currency", "is not an ISO 4217 code such as EUR");
    return code;
}

std::string_view Fields::clickId(std::string_view path)
{
    constexpr std::size_t kBytesMax = 512; // several times the longest that is known
    const std::string_view id = text(path);
    const auto isUrlSafe = [](char c) {
        return c > ' ' && c < 127
            && std::string_view("\"#&<>\\^`{|}").find(c) == std::string_view::npos;
    };
    if (id.size() <= kBytesMax && std::all_of(id.begin(), id.end(), isUrlSafe))
        return id;
    refuse(path, "is not a click id: it has characters that no address has, or is too long");
    return {};
}

std::string_view Fields::clickToken(std::string_view path)
{
    constexpr std::string_view kAllowed
        = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";
    const std::string_view id = clickId(path);
    if (id.size() != 1 && id.find_first_not_of(kAllowed) == std::string_view::npos)
        return id;
    refuse(path, "does not have the form of a click id");
    return {};
}

bool Fields::flag(std::string_view path)
{
    const Json* const value = m_event.at(path);
    return value != nullptr && value->asBool();
}

std::string_view Fields::hashed(
    std::string_view plainPath, std::string_view hashedPath, Normalizer normalize)
{
    m_hash.clear();
    const std::string_view given = text(hashedPath);
    if (!given.empty()) {
        if (isSha256Hex(given))
            m_hash = toLowerAscii(given);
        else
            refuse(hashedPath, "is not a SHA-256 in hex");
        return m_hash;
    }
    const std::string_view value = text(plainPath);
    if (value.empty())
        return {};
    const bool isPhone = normalize == normalizePhoneDigits || normalize == normalizePhonePlus;
    auto hash = hashedOnce(value, normalize);
    if (hash)
        m_hash = std::move(*hash);
    else
        refuse(plainPath,
            isPhone ? "is no telephone number with its country, such as +4915123456789"
                    : "does not have the form that this field must have");
    return m_hash;
}

void Fields::refuse(std::string_view field, std::string_view reason)
{
    if (!m_refusal)
        m_refusal = Refusal { .field = std::string(field), .reason = std::string(reason) };
}

void setText(Json& object, std::string_view key, std::string_view value)
{
    if (!value.empty())
        object.set(std::string(key), Json::string(std::string(value)));
}

} // namespace engine::platforms
