#include "sale_book.h"

#include <algorithm>

namespace engine {
namespace {

constexpr std::string_view kName = "sale_mode"; // in the store: never change
constexpr std::string_view kOn = "on";
constexpr std::string_view kOff = "off";
constexpr Seconds kLongest { std::chrono::hours { 24 * 60 } };

// The end of the window that is open now. Windows may overlap or touch: then it is the last end.
std::optional<WallTime> windowEnd(const SaleBook::Windows& windows, WallTime now)
{
    WallTime end = now;
    for (bool isLonger = true; isLonger;) {
        isLonger = false;
        for (const SaleWindow& window : windows) {
            if (window.from <= end && window.to > end) {
                end = window.to;
                isLonger = true;
            }
        }
    }
    return end > now ? std::optional(end) : std::nullopt;
}

std::optional<WallTime> nextWindow(const SaleBook::Windows& windows, WallTime now)
{
    std::optional<WallTime> next;
    for (const SaleWindow& window : windows) {
        if (window.from > now)
            next = std::min(next.value_or(window.from), window.from);
    }
    return next;
}

} // namespace

bool SaleBook::isAbout(const store::OverrideRow& row)
{
    return row.target.destination.empty() && row.name == kName;
}

SaleBook::SaleBook(const std::vector<store::OverrideRow>& rows)
{
    for (const store::OverrideRow& row : rows) {
        if (isAbout(row))
            m_switch = Switch { .isOn = row.value == kOn, .until = row.until, .who = row.who };
    }
}

SaleMode SaleBook::at(const Windows& windows, WallTime now) const
{
    SaleMode mode { .nextWindow = nextWindow(windows, now) };
    const auto open = windowEnd(windows, now);
    if (m_switch && (!m_switch->until || *m_switch->until > now)) {
        mode.isOn = m_switch->isOn;
        mode.cause = SaleMode::Cause::Operator;
        mode.until = m_switch->until;
        mode.who = m_switch->who;
        return mode;
    }
    if (open) {
        mode.isOn = true;
        mode.cause = SaleMode::Cause::Window;
        mode.until = open;
    }
    return mode;
}

Result<store::OverrideRow> SaleBook::set(
    const SaleCommand& command, const std::string& who, const Windows& windows, WallTime now)
{
    store::OverrideRow row { .name = std::string(kName), .setAt = now, .who = who };
    if (command.until && (*command.until <= now || *command.until > now + kLongest))
        return fail(
            ErrorCode::BadRequest, "the end lies in the future, 60 days away at most", "until");
    if (command.mode == SaleCommand::Mode::AsConfigured) {
        m_switch.reset();
        return row; // without a value: the row goes
    }
    const bool isOn = command.mode == SaleCommand::Mode::On;
    const auto open = windowEnd(windows, now);
    const auto until = command.until || isOn ? command.until : open;
    if (!isOn && !until) {
        m_switch.reset();
        return row;
    }
    m_switch = Switch { .isOn = isOn, .until = until, .who = who };
    row.value = isOn ? kOn : kOff;
    row.until = until;
    return row;
}

std::string toString(const SaleMode& mode)
{
    std::string text = mode.isOn ? "on" : "off";
    if (mode.until)
        text += " until " + toIso8601(*mode.until);
    if (mode.cause == SaleMode::Cause::Operator)
        text += " (switched by " + mode.who + ')';
    else if (mode.cause == SaleMode::Cause::Window)
        text += " (configured window)";
    return text;
}

} // namespace engine
