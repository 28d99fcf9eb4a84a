#include "platforms/answers.h"

#include "platforms/hashing.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace engine::platforms {
namespace {

constexpr Millis kRetryAfterMax { std::chrono::hours { 24 } };
// Nobody means more than that, and it keeps the arithmetic far from its ends.
constexpr Millis kRetryAfterReadMax { std::chrono::hours { 24 * 366 } };

// Statuses without a row are no HTTP that we know.
constexpr StatusMeaning kStatusRules[] {
    { 200, 299, Outcome::Accepted, {} },
    { 301, 302, Outcome::Config, {} },
    { 307, 308, Outcome::Config, {} },
    { 100, 399, Outcome::Transient, {} },
    { 401, 401, Outcome::Auth, {} },
    { 403, 405, Outcome::Config, {} },
    { 407, 407, Outcome::Config, // no platform says this: it comes from what stands between
        "a proxy on the way asks for a name and a password: check the destination's proxy" },
    { 408, 409, Outcome::Transient, {} },
    { 410, 410, Outcome::Config, {} },
    { 413, 413, Outcome::Oversize, {} },
    { 423, 423, Outcome::Transient, {} },
    { 425, 425, Outcome::Transient, {} },
    { 426, 426, Outcome::Config, {} },
    { 429, 429, Outcome::Throttled, {} },
    { 400, 499, Outcome::Invalid, {} },
    { 500, 599, Outcome::Transient, {} },
};

const StatusMeaning* statusRule(int status)
{
    const auto* const rule = std::find_if(
        std::begin(kStatusRules), std::end(kStatusRules), [status](const StatusMeaning& candidate) {
            return status >= candidate.first && status <= candidate.last;
        });
    return rule != std::end(kStatusRules) ? rule : nullptr;
}

std::optional<int> takeDigits(std::string_view& text, std::size_t count)
{
    int value = 0;
    if (text.size() < count)
        return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + count, value);
    if (error != std::errc {} || end != text.data() + count || text.front() == '-')
        return std::nullopt;
    text.remove_prefix(count);
    return value;
}

std::optional<Millis> delaySeconds(std::string_view text, Millis most)
{
    if (text.find_first_not_of("+-.0123456789eE") != std::string_view::npos)
        return std::nullopt; // from_chars would read "nan" and "inf"
    double seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (end != text.data() + text.size() || error == std::errc::invalid_argument)
        return std::nullopt;
    const double longest = std::chrono::duration<double>(most).count();
    if (error == std::errc::result_out_of_range || !(seconds < longest))
        return most;
    if (seconds <= 0)
        return Millis { 0 };
    return std::chrono::ceil<Millis>(std::chrono::duration<double>(seconds));
}

bool takeText(std::string_view& text, std::string_view expected)
{
    if (!text.starts_with(expected))
        return false;
    text.remove_prefix(expected.size());
    return true;
}

} // namespace

Outcome outcomeOfStatus(int status)
{
    const StatusMeaning* const rule = statusRule(status);
    return rule != nullptr ? rule->outcome : Outcome::Unknown;
}

std::span<const StatusMeaning> genericStatuses() { return kStatusRules; }

ErrorForm formOfStatus(int status)
{
    if (status >= 400 && status < 500)
        return ErrorForm::Http4xx;
    if (status >= 500 && status < 600)
        return ErrorForm::Http5xx;
    return ErrorForm::InBody;
}

std::string excerpt(std::string_view text)
{
    constexpr std::size_t kBytesMax = 500;
    text = trimmed(text);
    if (text.size() > kBytesMax) {
        std::size_t end = kBytesMax;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
            --end;
        text = text.substr(0, end);
    }
    return std::string(text);
}

Decoded decodedWhole(const Verdict& verdict, std::size_t records)
{
    const bool isAccepted = verdict.outcome == Outcome::Accepted;
    Decoded decoded;
    decoded.request = verdict.outcome;
    decoded.isBatchSuspect = verdict.isIndexUnknown && records > 1;
    decoded.records.assign(records,
        RecordOutcome { .outcome = verdict.outcome,
            .code = verdict.code,
            .message = verdict.message,
            .form = isAccepted ? ErrorForm::None : verdict.form });
    return decoded;
}

Outcome graver(Outcome a, Outcome b)
{
    constexpr std::array<Outcome, kOutcomes> kGravestFirst { Outcome::Auth, Outcome::Config,
        Outcome::Throttled, Outcome::Oversize, Outcome::Invalid, Outcome::Unknown,
        Outcome::Transient, Outcome::Accepted };
    return *std::find_if(kGravestFirst.begin(), kGravestFirst.end(),
        [&](Outcome outcome) { return outcome == a || outcome == b; });
}

Decoded decodedRows(std::vector<RecordOutcome> records)
{
    const auto isAccepted
        = [](const RecordOutcome& record) { return record.outcome == Outcome::Accepted; };
    const auto accepted = std::count_if(records.begin(), records.end(), isAccepted);
    const bool isPartial = accepted > 0 && accepted < std::ssize(records);
    Outcome whole = Outcome::Accepted;
    if (accepted == 0) {
        for (const RecordOutcome& record : records)
            whole = graver(whole, record.outcome);
    }
    Decoded decoded;
    decoded.request = whole;
    decoded.records = std::move(records);
    decoded.isPartial = isPartial;
    return decoded;
}

Decoded decodedNamed(
    const Verdict& verdict, std::span<const NamedFault> faults, std::size_t records)
{
    Q_ASSERT(!faults.empty());
    Decoded decoded;
    decoded.request = verdict.outcome;
    decoded.records.assign(records,
        RecordOutcome { .outcome = Outcome::Transient,
            .code = verdict.code,
            .message = "refused together with another record",
            .form = verdict.form,
            .isNotAtFault = true });
    for (const NamedFault& fault : faults)
        decoded.records[fault.index] = fault.outcome;
    return decoded;
}

Decoded acceptedButFor(std::span<const NamedFault> failed, std::size_t records)
{
    Decoded decoded;
    decoded.records.resize(records);
    for (const NamedFault& row : failed)
        decoded.records[row.index] = row.outcome;
    decoded.isPartial = failed.size() < records;
    return decoded;
}

Verdict verdictOfStatus(const HttpAnswer& answer)
{
    Verdict verdict { .outcome = outcomeOfStatus(answer.status),
        .code = std::to_string(answer.status),
        .message = excerpt(answer.body),
        .form = formOfStatus(answer.status) };
    if (verdict.outcome == Outcome::Accepted) {
        verdict.outcome = Outcome::Unknown;
        verdict.code = "unreadable_answer";
    }
    verdict.isIndexUnknown = verdict.outcome == Outcome::Invalid;
    const StatusMeaning* const rule = statusRule(answer.status);
    if (rule != nullptr && !rule->meaning.empty())
        verdict.message = rule->meaning;
    const auto location = answer.header("Location");
    if (answer.status / 100 == 3 && location)
        verdict.message = "redirected to " + excerpt(*location);
    if (verdict.message.empty())
        verdict.message = "HTTP " + std::to_string(answer.status);
    return verdict;
}

Verdict verdictOfTable(std::span<const StatusMeaning> table, const HttpAnswer& answer)
{
    const auto row = std::find_if(table.begin(), table.end(), [&](const StatusMeaning& candidate) {
        return answer.status >= candidate.first && answer.status <= candidate.last;
    });
    if (row == table.end())
        return verdictOfStatus(answer);
    if (row->outcome == Outcome::Accepted)
        return { .outcome = Outcome::Accepted };
    const std::string said = excerpt(answer.body);
    return { .outcome = row->outcome,
        .code = std::to_string(answer.status),
        .message = std::string(row->meaning) + (said.empty() ? "" : ": " + said),
        .form = formOfStatus(answer.status),
        .isIndexUnknown = row->outcome == Outcome::Invalid };
}

std::optional<WallTime> parseHttpDate(std::string_view text)
{
    constexpr std::array<std::string_view, 12> kMonths { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    const auto comma = text.find(", ");
    if (comma != 3)
        return std::nullopt;
    text.remove_prefix(5);
    const auto day = takeDigits(text, 2);
    if (!day || !takeText(text, " "))
        return std::nullopt;
    const auto* const month = std::find(kMonths.begin(), kMonths.end(), text.substr(0, 3));
    if (month == kMonths.end())
        return std::nullopt;
    text.remove_prefix(3);
    if (!takeText(text, " "))
        return std::nullopt;
    const auto year = takeDigits(text, 4);
    if (!year || !takeText(text, " "))
        return std::nullopt;
    const auto hour = takeDigits(text, 2);
    if (!hour || !takeText(text, ":"))
        return std::nullopt;
    const auto minute = takeDigits(text, 2);
    if (!minute || !takeText(text, ":"))
        return std::nullopt;
    const auto second = takeDigits(text, 2);
    if (!second || text != " GMT" || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    const std::chrono::year_month_day date { std::chrono::year { *year },
        std::chrono::month { static_cast<unsigned>(month - kMonths.begin()) + 1 },
        std::chrono::day { static_cast<unsigned>(*day) } };
    if (!date.ok())
        return std::nullopt;
    return WallTime { std::chrono::sys_days { date } } + std::chrono::hours { *hour }
    + std::chrono::minutes { *minute } + Seconds { *second };
}

std::optional<Millis> parseDelaySeconds(std::string_view text)
{
    return delaySeconds(text, kRetryAfterMax);
}

namespace {

// As it was asked for.
std::optional<Millis> askedDelay(const HttpAnswer& answer, WallTime now)
{
    const auto header = answer.header("Retry-After");
    if (!header)
        return std::nullopt;
    const std::string_view text = trimmed(*header);
    if (const auto delay = delaySeconds(text, kRetryAfterReadMax))
        return delay;
    const auto until = parseHttpDate(text);
    if (!until)
        return std::nullopt;
    // The date is the server's; only its own clock can say how far away that is.
    const auto date = answer.header("Date");
    const WallTime from = date ? parseHttpDate(trimmed(*date)).value_or(now) : now;
    return std::clamp(
        std::chrono::duration_cast<Millis>(*until - from), Millis { 0 }, kRetryAfterReadMax);
}

} // namespace

std::optional<Millis> retryAfterOf(const HttpAnswer& answer, WallTime now)
{
    const auto asked = askedDelay(answer, now);
    return asked ? std::optional(std::min(*asked, kRetryAfterMax)) : std::nullopt;
}

ThrottleHint hintOf(const HttpAnswer& answer, WallTime now)
{
    ThrottleHint hint;
    if (answer.status < 400 || answer.status > 599)
        return hint;
    if (const auto asked = askedDelay(answer, now)) {
        hint.retryAfter = std::min(*asked, kRetryAfterMax);
        hint.wasCut = *asked > kRetryAfterMax;
        hint.source = "Retry-After";
    }
    return hint;
}

Decoded decodeFailure(const TransportFailure& failure, std::size_t records)
{
    using Kind = TransportFailure::Kind;
    Outcome outcome = failure.wasSent ? Outcome::Unknown : Outcome::Transient;
    // Nothing is sent to a server whose certificate is not trusted, and waiting does not mend it.
    if (failure.kind == Kind::Tls && !failure.wasSent)
        outcome = Outcome::Config;
    return decodedWhole({ .outcome = outcome,
                            .code = toString(failure.kind),
                            .message = excerpt(failure.detail),
                            .form = ErrorForm::NoAnswer },
        records);
}

} // namespace engine::platforms
