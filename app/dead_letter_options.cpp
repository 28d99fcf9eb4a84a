#include "dead_letter_options.h"

#include <QJsonArray>
#include <QUrl>

#include <array>
#include <utility>

namespace app {
namespace {

// Option → name in the control API.
constexpr std::array<std::pair<const char*, const char*>, 23> kFilters { {
    { "destination", "destination" },
    { "account", "account" },
    { "class", "class" },
    { "code", "code" },
    { "status", "status" },
    { "fingerprint", "fingerprint" },
    { "event", "event" },
    { "event-id", "event_id" },
    { "from", "from" },
    { "to", "to" },
    { "event-from", "event_from" },
    { "event-to", "event_to" },
    { "first-from", "first_from" },
    { "first-to", "first_to" },
    { "expires-before", "expires_before" },
    { "attempts-min", "attempts_min" },
    { "bytes-min", "bytes_min" },
    { "text", "text" },
    { "path", "path" },
    { "value", "value" },
    { "state", "state" },
    { "id", "id" },
    { "job", "job" },
} };

} // namespace

std::vector<OptionSpec> withFilterOptions(std::vector<OptionSpec> specs)
{
    for (const auto& [option, name] : kFilters)
        specs.push_back({ QString::fromLatin1(option) });
    return specs;
}

QJsonObject filterOf(const Arguments& arguments)
{
    QJsonObject filter;
    for (const auto& [option, name] : kFilters) {
        const QStringList values = arguments.values(QString::fromLatin1(option));
        if (values.size() == 1)
            filter.insert(QString::fromLatin1(name), values.front());
        else if (values.size() > 1)
            filter.insert(QString::fromLatin1(name), QJsonArray::fromStringList(values));
    }
    return filter;
}

QUrlQuery queryOf(const QJsonObject& filter)
{
    QUrlQuery query;
    for (auto it = filter.begin(); it != filter.end(); ++it) {
        const QJsonArray values = it->isArray() ? it->toArray() : QJsonArray { *it };
        for (const auto& value : values)
            query.addQueryItem(
                it.key(), QString::fromLatin1(QUrl::toPercentEncoding(value.toString())));
    }
    return query;
}

} // namespace app
