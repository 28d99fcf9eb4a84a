#include "theme/tokens.h"

#include <QColor>

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr QRgb rgb(unsigned value) { return 0xff000000U | value; }

// Order of the rows: Token and Status as declared.
constexpr TokenSet kLight {
    .tokens = { rgb(0xE6E8EA), rgb(0xF7F7F8), rgb(0xFFFFFF), rgb(0x1B1E22), rgb(0x4A5057),
        rgb(0x6A7078), rgb(0x7D838A), rgb(0xD5D8DC), rgb(0xC9CDD2), rgb(0x0B5CAD), rgb(0xCFE0F3) },
    .statuses = { {
        { rgb(0xA8230A), rgb(0x7A1606), rgb(0xFFFFFF) },
        { rgb(0xE9751B), rgb(0x8A3F00), rgb(0x111418) },
        { rgb(0xFEEF4F), rgb(0x6B5D00), rgb(0x111418) },
        { rgb(0x3489D6), rgb(0x0B5CAD), rgb(0x111418) },
        { rgb(0x510B5D), rgb(0x510B5D), rgb(0xFFFFFF) },
        { 0, rgb(0x1B1E22), rgb(0x1B1E22) },
        { 0, rgb(0x5C636B), rgb(0x1B1E22) },
        { 0, rgb(0x5C636B), rgb(0x1B1E22) },
        { 0, rgb(0x4A5057), rgb(0x1B1E22) },
    } },
    .compare = { rgb(0x0072B2), rgb(0x1B1E22), rgb(0x705714), rgb(0x491970) },
};

constexpr TokenSet kDark {
    .tokens = { rgb(0x16191C), rgb(0x1E2226), rgb(0x262B30), rgb(0xE4E7EA), rgb(0xA9B1B9),
        rgb(0x8B939C), rgb(0x747C85), rgb(0x343A40), rgb(0x3A4047), rgb(0x6CB6FF), rgb(0x23456B) },
    .statuses = { {
        { rgb(0xDE5B44), rgb(0xFF8A75), rgb(0x111418) },
        { rgb(0xF4AC49), rgb(0xF4AC49), rgb(0x111418) },
        { rgb(0xFDF7AA), rgb(0xFDF7AA), rgb(0x111418) },
        { rgb(0x63ACEB), rgb(0x8CC4F5), rgb(0x111418) },
        { rgb(0xA637AA), rgb(0xE58FDB), rgb(0xFFFFFF) },
        { 0, rgb(0xE4E7EA), rgb(0xE4E7EA) },
        { 0, rgb(0x9AA3AD), rgb(0xE4E7EA) },
        { 0, rgb(0x9AA3AD), rgb(0xE4E7EA) },
        { 0, rgb(0xA9B1B9), rgb(0xE4E7EA) },
    } },
    .compare = { rgb(0x56B4E9), rgb(0xE4E7EA), rgb(0x539B04), rgb(0xAB789D) },
};

double luminance(QRgb color)
{
    const auto linear = [](int channel) {
        const double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(qRed(color)) + 0.7152 * linear(qGreen(color))
        + 0.0722 * linear(qBlue(color));
}

} // namespace

const TokenSet& lightTokens() { return kLight; }
const TokenSet& darkTokens() { return kDark; }

double contrastRatio(QRgb a, QRgb b)
{
    const auto [low, high] = std::minmax({ luminance(a), luminance(b) });
    return (high + 0.05) / (low + 0.05);
}

} // namespace ui
