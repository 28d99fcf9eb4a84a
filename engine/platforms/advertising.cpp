#include "platforms/advertising.h"

#include "platforms/requests.h"

namespace engine::platforms {
namespace {

struct HashedKey {
    std::string_view key {};
    std::string_view plain {};
    std::string_view hashed {};
    Normalizer normalize { nullptr };
};
constexpr HashedKey kHashedKeys[] {
    { "em", "user.email", "user.email_sha256", normalizeEmail },
    { "ph", "user.phone_e164", "user.phone_sha256_digits", normalizePhoneDigits },
    { "fn", "user.first_name", "user.first_name_sha256", normalizeName },
    { "ln", "user.last_name", "user.last_name_sha256", normalizeName },
    { "ct", "user.city", "user.city_sha256", normalizeCity },
    { "st", "user.state", "user.state_sha256", normalizeState },
    { "zp", "user.zip", "user.zip_sha256", normalizeZip },
    { "country", "user.country_iso2", "user.country_sha256", normalizeCountry },
    { "db", "user.dob", "user.dob_sha256", normalizeBirthDate },
    { "ge", "user.gender", "user.gender_sha256", normalizeGender },
    { "external_id", "user.external_id", "user.external_id_sha256", normalizeExternalId },
};

// A whole number is the platform's own code of a country or state; 0 lets it find out by itself.
Json regionCode(std::string_view text)
{
    const auto code = isJsonNumber(text) ? Json::number(std::string(text)).asInt() : std::nullopt;
    return Json::number(std::max<std::int64_t>(code.value_or(0), 0));
}

} // namespace

std::string actionSourceOf(const CanonicalEvent& event, const DestinationConfig& destination)
{
    const Json* const given = event.json.find("action_source");
    std::string source = given != nullptr ? std::string(trimmed(given->text())) : std::string {};
    if (source.empty())
        source = optionOf(destination, "action_source");
    if (source.empty() && isPresent(event.json, "event_source_url"))
        source = "website";
    if (source.empty() && event.stored->type == EventType::Screen)
        source = "app";
    return source;
}

void addHashedKeys(Json& user, Fields& fields)
{
    for (const HashedKey& key : kHashedKeys) {
        const std::string_view hash = fields.hashed(key.plain, key.hashed, key.normalize);
        if (!hash.empty())
            user.set(std::string(key.key), Json::array({ Json::string(std::string(hash)) }));
    }
}

std::string_view advertisingIdOf(Fields& fields)
{
    const std::string_view apple = fields.text("device.idfa");
    return apple.empty() ? fields.text("device.gaid") : apple;
}

DeviceSystem deviceSystemOf(Fields& fields)
{
    const std::string os = toLowerAscii(fields.text("device.os"));
    if (os.starts_with("ios") || os.starts_with("ipad"))
        return DeviceSystem::Apple;
    return os.starts_with("android") ? DeviceSystem::Android : DeviceSystem::Unknown;
}

bool isTrackingAuthorized(Fields& fields)
{
    return toLowerAscii(fields.text("device.att_status")) == "authorized";
}

Json extendedDeviceInfo(Fields& fields)
{
    std::vector<std::string> info(16);
    info[0] = deviceSystemOf(fields) == DeviceSystem::Apple ? "i2" : "a2";
    info[1] = fields.text("device.app_id");
    info[2] = fields.text("device.app_version");
    info[4] = fields.text("device.os_version");
    info[6] = fields.text("user.locale");
    Json list = Json::array();
    for (std::string& text : info)
        list.push(Json::string(std::move(text)));
    return list;
}

bool isUseLimited(Fields& fields)
{
    return fields.flag("consent.limited_data_use")
        || fields.text("consent.ad_personalization") == "denied";
}

void addLimitedDataUse(Json& data, Fields& fields)
{
    data.set("data_processing_options", Json::array({ Json::string("LDU") }));
    data.set("data_processing_options_country", regionCode(fields.text("consent.ldu_country")));
    data.set("data_processing_options_state", regionCode(fields.text("consent.ldu_region")));
}

void requireValue(const Json& custom, Fields& fields)
{
    for (const char* key : { "value", "currency" }) {
        if (custom.find(key) == nullptr)
            fields.refuse(key, "is required for a purchase");
    }
}

std::vector<Item> itemsOf(const CanonicalEvent& event, Fields& fields)
{
    std::vector<Item> items;
    const Json* const given = event.json.find("items");
    if (given == nullptr || !given->isArray())
        return items;
    for (std::size_t i = 0; i < given->items().size(); ++i) {
        const std::string path = "items." + std::to_string(i);
        Item item { .id = std::string(fields.text(path + ".id")) };
        if (item.id.empty())
            continue;
        item.name = fields.text(path + ".name");
        item.brand = fields.text(path + ".brand");
        item.category = fields.text(path + ".category");
        if (const auto price = fields.decimal(path + ".price"))
            item.price = price->text();
        item.quantity = fields.integer(path + ".quantity").value_or(1);
        items.push_back(std::move(item));
    }
    return items;
}

} // namespace engine::platforms
