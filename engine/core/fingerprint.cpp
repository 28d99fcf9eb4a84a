#include "core/fingerprint.h"

#include <cctype>

namespace engine {
namespace {

constexpr std::size_t kFingerprintBytesMax = 240;

bool isWordByte(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return std::isalnum(byte) != 0 || c == '_' || c == '-' || byte >= 0x80;
}

// A word with a digit in it is an id, a number or a hash; so is a long run of hex letters.
bool isIdLike(std::string_view word)
{
    bool hasDigit = false;
    bool isHex = true;
    for (const char c : word) {
        hasDigit = hasDigit || std::isdigit(static_cast<unsigned char>(c)) != 0;
        isHex = isHex && (std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == '-');
    }
    return hasDigit || (isHex && word.size() >= 16);
}

std::size_t endOfToken(std::string_view text, std::size_t from)
{
    while (from < text.size() && std::isspace(static_cast<unsigned char>(text[from])) == 0)
        ++from;
    return from;
}

} // namespace

std::string normalizeMessage(std::string_view message)
{
    std::string out;
    std::size_t i = 0;
    while (i < message.size() && out.size() < kFingerprintBytesMax) {
        const char c = message[i];
        if (c == '\'' || c == '"' || c == '`') {
            const auto close = message.find(c, i + 1);
            if (close != std::string_view::npos) {
                out += "'…'";
                i = close + 1;
                continue;
            }
        }
        if (message.substr(i).starts_with("http://") || message.substr(i).starts_with("https://")) {
            out += "<url>";
            i = endOfToken(message, i);
            continue;
        }
        if (!isWordByte(c)) {
            const bool isSpace = std::isspace(static_cast<unsigned char>(c)) != 0;
            if (!isSpace || (!out.empty() && out.back() != ' '))
                out += isSpace ? ' ' : c;
            ++i;
            continue;
        }
        std::size_t end = i;
        while (end < message.size() && isWordByte(message[end]))
            ++end;
        // An address is a word run with one @ and more words; it must not leak into a group's name.
        std::size_t mailEnd = end;
        while (mailEnd < message.size()
            && (isWordByte(message[mailEnd]) || message[mailEnd] == '@' || message[mailEnd] == '.'
                || message[mailEnd] == '+'))
            ++mailEnd;
        const std::string_view mail = message.substr(i, mailEnd - i);
        if (mail.find('@') != std::string_view::npos) {
            out += "<email>";
            i = mailEnd;
            continue;
        }
        const std::string_view word = message.substr(i, end - i);
        out += isIdLike(word) ? std::string_view("#") : word;
        i = end;
    }
    while (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out;
}

std::string makeFingerprint(
    std::string_view destination, int httpStatus, std::string_view code, std::string_view message)
{
    std::string text(destination);
    text += "·";
    text += httpStatus > 0 ? std::to_string(httpStatus) : "local";
    if (!code.empty()) {
        text += "·";
        text += code;
    }
    const std::string words = normalizeMessage(message);
    if (!words.empty()) {
        text += ' ';
        text += words;
    }
    if (text.size() > kFingerprintBytesMax) {
        std::size_t cut = kFingerprintBytesMax;
        while (cut > 0
            && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) // not inside a character
            --cut;
        text.resize(cut);
    }
    return text;
}

} // namespace engine
