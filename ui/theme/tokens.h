// The colours of the console, light and dark, as numbers. Every widget takes its colours from the
// palette or from here, through Theme; no widget names a colour itself. The ratios in the comments
// are WCAG contrast against surface and are recomputed by a test.
#pragma once

#include <QRgb>

#include <array>

namespace ui {

enum class Token {
    Window,
    Surface, // tables and charts
    Raised, // inputs and cards
    Text,
    TextSecondary,
    TextDisabled,
    ControlBorder,
    GridLine, // decorative
    Band, // range of the other shards
    Accent, // links, focus ring
    SelectionBackground, // with Text on it
};
inline constexpr int kTokens = 11;

// What a shape says. Never shown by colour alone: shape, word and colour go together.
enum class Status {
    Critical, // P1: octagon with a cross
    High, // P2: triangle with an exclamation mark
    Medium, // P3: diamond
    Operator, // caused by a person: square with two bars
    Credential, // triangle pointing down with a key slot
    Recovering, // arrow down, no fill
    Normal, // small ring
    Idle, // short dash
    NoData, // dashed ring with a question mark
};
inline constexpr int kStatuses = 9;

struct StatusColors {
    QRgb fill { 0 }; // 0: the shape has no fill
    QRgb outline { 0 };
    QRgb label { 0 }; // for text on the fill
};

// Lines of the compare mode; the first also draws the selected shard.
inline constexpr int kCompareColors = 4;

struct TokenSet {
    std::array<QRgb, kTokens> tokens {};
    std::array<StatusColors, kStatuses> statuses {};
    std::array<QRgb, kCompareColors> compare {};
    [[nodiscard]] constexpr QRgb at(Token token) const
    {
        return tokens[static_cast<std::size_t>(token)];
    }
    [[nodiscard]] constexpr const StatusColors& at(Status status) const
    {
        return statuses[static_cast<std::size_t>(status)];
    }
};

[[nodiscard]] const TokenSet& lightTokens();
[[nodiscard]] const TokenSet& darkTokens();

// WCAG 2 contrast ratio, 1…21.
[[nodiscard]] double contrastRatio(QRgb a, QRgb b);

} // namespace ui
