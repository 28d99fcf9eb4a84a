#include "platforms/hashing.h"

#include <QtCore/QByteArray>
#include <QtCore/QCryptographicHash>
#include <QtCore/QMessageAuthenticationCode>
#include <QtCore/QString>

#include <algorithm>

namespace engine::platforms {
namespace {

// E.164 allows 15 digits; shorter than 7 is an extension or a placeholder.
constexpr std::size_t kPhoneDigitsMin = 7;
constexpr std::size_t kPhoneDigitsMax = 15;

QByteArrayView viewOf(std::string_view text)
{
    return { text.data(), static_cast<qsizetype>(text.size()) };
}

std::string toStdString(const QByteArray& bytes)
{
    return { bytes.constData(), static_cast<std::size_t>(bytes.size()) };
}

std::string hmac(
    QCryptographicHash::Algorithm algorithm, std::string_view key, std::string_view text)
{
    return toStdString(QMessageAuthenticationCode::hash(
        viewOf(text).toByteArray(), viewOf(key).toByteArray(), algorithm));
}

bool isAscii(std::string_view text)
{
    return std::all_of(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80U; });
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isHex(std::string_view text)
{
    return std::all_of(text.begin(), text.end(),
        [](char c) { return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}
bool isAsciiSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Names are not ASCII: "ÉMILE" must become "émile" for the hashes of two senders to meet.
QString lowered(std::string_view value)
{
    return QString::fromUtf8(viewOf(trimmed(value))).toLower();
}

// The states of the USA and what else has a code of the same kind there. States of other countries
// have no code of two letters that all senders write, so they keep their names.
struct State {
    std::string_view name {};
    std::string_view code {};
};
constexpr State kStates[] {
    { "alabama", "al" },
    { "alaska", "ak" },
    { "americansamoa", "as" },
    { "arizona", "az" },
    { "arkansas", "ar" },
    { "california", "ca" },
    { "colorado", "co" },
    { "connecticut", "ct" },
    { "delaware", "de" },
    { "districtofcolumbia", "dc" },
    { "florida", "fl" },
    { "georgia", "ga" },
    { "guam", "gu" },
    { "hawaii", "hi" },
    { "idaho", "id" },
    { "illinois", "il" },
    { "indiana", "in" },
    { "iowa", "ia" },
    { "kansas", "ks" },
    { "kentucky", "ky" },
    { "louisiana", "la" },
    { "maine", "me" },
    { "maryland", "md" },
    { "massachusetts", "ma" },
    { "michigan", "mi" },
    { "minnesota", "mn" },
    { "mississippi", "ms" },
    { "missouri", "mo" },
    { "montana", "mt" },
    { "nebraska", "ne" },
    { "nevada", "nv" },
    { "newhampshire", "nh" },
    { "newjersey", "nj" },
    { "newmexico", "nm" },
    { "newyork", "ny" },
    { "northcarolina", "nc" },
    { "northdakota", "nd" },
    { "northernmarianaislands", "mp" },
    { "ohio", "oh" },
    { "oklahoma", "ok" },
    { "oregon", "or" },
    { "pennsylvania", "pa" },
    { "puertorico", "pr" },
    { "rhodeisland", "ri" },
    { "southcarolina", "sc" },
    { "southdakota", "sd" },
    { "tennessee", "tn" },
    { "texas", "tx" },
    { "usvirginislands", "vi" },
    { "utah", "ut" },
    { "vermont", "vt" },
    { "virginia", "va" },
    { "washington", "wa" },
    { "washingtondc", "dc" },
    { "westvirginia", "wv" },
    { "wisconsin", "wi" },
    { "wyoming", "wy" },
};
static_assert(std::is_sorted(std::begin(kStates), std::end(kStates),
    [](const State& a, const State& b) { return a.name < b.name; }));

enum class Keep { Spaces, NoSpaces };
std::optional<std::string> withoutPunctuation(std::string_view value, Keep keep)
{
    QString text;
    const QString source = lowered(value);
    text.reserve(source.size());
    for (const QChar c : source) {
        if (c.isPunct() || c.isSymbol() || (keep == Keep::NoSpaces && c.isSpace()))
            continue;
        text += c;
    }
    text = text.trimmed();
    if (text.isEmpty())
        return std::nullopt;
    return text.toStdString();
}

} // namespace

std::string sha256Hex(std::string_view text)
{
    return toStdString(QCryptographicHash::hash(viewOf(text), QCryptographicHash::Sha256).toHex());
}

std::string md5Hex(std::string_view text)
{
    return toStdString(QCryptographicHash::hash(viewOf(text), QCryptographicHash::Md5).toHex());
}

std::string hmacSha256(std::string_view key, std::string_view text)
{
    return hmac(QCryptographicHash::Sha256, key, text);
}

std::string hmacSha1(std::string_view key, std::string_view text)
{
    return hmac(QCryptographicHash::Sha1, key, text);
}

std::string toBase64(std::string_view bytes)
{
    return toStdString(viewOf(bytes).toByteArray().toBase64());
}

std::optional<std::string> fromBase64(std::string_view text)
{
    const auto decoded = QByteArray::fromBase64Encoding(
        viewOf(text).toByteArray(), QByteArray::AbortOnBase64DecodingErrors);
    if (decoded.decodingStatus != QByteArray::Base64DecodingStatus::Ok)
        return std::nullopt;
    return toStdString(*decoded);
}

bool isSha256Hex(std::string_view text) { return text.size() == 64 && isHex(text); }

bool isMd5Hex(std::string_view text) { return text.size() == 32 && isHex(text); }

std::string_view trimmed(std::string_view value)
{
    while (!value.empty() && isAsciiSpace(value.front()))
        value.remove_prefix(1);
    while (!value.empty() && isAsciiSpace(value.back()))
        value.remove_suffix(1);
    return value;
}

std::string toLowerAscii(std::string_view value)
{
    std::string text(value);
    std::transform(text.begin(), text.end(), text.begin(),
        [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

std::string toUpperAscii(std::string_view value)
{
    std::string text(value);
    std::transform(text.begin(), text.end(), text.begin(),
        [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

std::optional<std::string> normalizeEmail(std::string_view value)
{
    std::string text = isAscii(value) ? toLowerAscii(trimmed(value)) : lowered(value).toStdString();
    const auto at = text.find('@');
    const bool isWhole = at != std::string::npos && at > 0 && at + 1 < text.size();
    if (!isWhole || std::any_of(text.begin(), text.end(), isAsciiSpace))
        return std::nullopt;
    return text;
}

std::optional<std::string> normalizeEmailGoogle(std::string_view value)
{
    auto text = normalizeEmail(value);
    if (!text)
        return std::nullopt;
    const auto at = text->rfind('@');
    const std::string_view domain = std::string_view(*text).substr(at + 1);
    if (domain != "gmail.com" && domain != "googlemail.com")
        return text;
    std::string local = text->substr(0, at);
    std::erase(local, '.');
    return local + text->substr(at);
}

std::optional<std::string> normalizePhoneDigits(std::string_view value)
{
    constexpr std::string_view kTrunk = "(0)"; // "+49 (0)151…": for callers inside the country
    const bool hasPlus = trimmed(value).starts_with('+');
    std::string digits;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (!digits.empty() && value.substr(i).starts_with(kTrunk))
            i += kTrunk.size() - 1;
        else if (isDigit(value[i]))
            digits += value[i];
        else if (std::string_view("+-(). /\t").find(value[i]) == std::string_view::npos)
            return std::nullopt; // a letter: not a number but a remark
    }
    if (!hasPlus && digits.starts_with("00")) // dialled from abroad, with the country behind it
        digits.erase(0, 2);
    // A zero in front is a number without its country. Without the zero it would be another one,
    // and someone else's: 0151 23456789 of Germany is +1 512-345-6789 in Austin.
    if (digits.starts_with('0') || digits.size() < kPhoneDigitsMin
        || digits.size() > kPhoneDigitsMax)
        return std::nullopt;
    return digits;
}

std::optional<std::string> normalizePhonePlus(std::string_view value)
{
    auto digits = normalizePhoneDigits(value);
    if (digits)
        digits->insert(digits->begin(), '+');
    return digits;
}

std::optional<std::string> normalizeName(std::string_view value)
{
    return withoutPunctuation(value, Keep::Spaces);
}

std::optional<std::string> normalizeCity(std::string_view value)
{
    return withoutPunctuation(value, Keep::NoSpaces);
}

std::optional<std::string> normalizeState(std::string_view value)
{
    auto name = withoutPunctuation(value, Keep::NoSpaces);
    if (!name)
        return std::nullopt;
    const auto* const state = std::lower_bound(std::begin(kStates), std::end(kStates), *name,
        [](const State& row, const std::string& wanted) { return row.name < wanted; });
    const bool isState = state != std::end(kStates) && state->name == *name;
    return isState ? std::string(state->code) : std::move(name);
}

std::optional<std::string> normalizeZip(std::string_view value)
{
    auto text = withoutPunctuation(value, Keep::NoSpaces);
    // Nine digits are a US ZIP+4, of which platforms hash the first five.
    if (text && text->size() == 9 && std::all_of(text->begin(), text->end(), isDigit))
        text->resize(5);
    return text;
}

std::optional<std::string> normalizeCountry(std::string_view value)
{
    std::string text = toLowerAscii(trimmed(value));
    const bool isCode = text.size() == 2
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (!isCode)
        return std::nullopt;
    return text;
}

std::optional<std::string> normalizeGender(std::string_view value)
{
    const std::string text = toLowerAscii(trimmed(value));
    if (text == "m" || text == "male")
        return "m";
    if (text == "f" || text == "female")
        return "f";
    return std::nullopt;
}

std::optional<std::string> normalizeBirthDate(std::string_view value)
{
    std::string digits;
    for (const char c : trimmed(value)) {
        if (isDigit(c))
            digits += c;
        else if (c != '-' && c != '/' && c != '.')
            return std::nullopt;
    }
    // Year first or not at all: "01/02/1990" has two readings.
    if (digits.size() != 8 || (digits.compare(0, 2, "19") != 0 && digits.compare(0, 2, "20") != 0))
        return std::nullopt;
    return digits;
}

std::optional<std::string> normalizeExternalId(std::string_view value)
{
    const std::string_view text = trimmed(value);
    if (text.empty())
        return std::nullopt;
    return std::string(text);
}

std::optional<std::string> hashedOnce(std::string_view value, Normalizer normalize)
{
    const std::string_view text = trimmed(value);
    if (isSha256Hex(text))
        return toLowerAscii(text);
    const auto normal = normalize(text);
    if (!normal)
        return std::nullopt;
    return sha256Hex(*normal);
}

} // namespace engine::platforms
