#include "inspector/tuning.h"

#include "format/format.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace ui {
namespace {

struct TuningText {
    Q_DECLARE_TR_FUNCTIONS(Tuning)
};

constexpr std::array<Control, 3> kControls { Control::Concurrency, Control::Rate, Control::Batch };

// "No cap" is the highest rate there is.
double rank(Control control, double value)
{
    const bool isUncapped = control == Control::Rate && value <= 0;
    return isUncapped ? std::numeric_limits<double>::infinity() : value;
}

std::optional<double> overriddenOf(const engine::ShardSnapshot& shard, Control control)
{
    return tuningOf(shard, control).overridden;
}

void setField(engine::TuneCommand& command, Control control, double value)
{
    switch (control) {
    case Control::Concurrency:
        command.concurrency = static_cast<int>(std::lround(value));
        break;
    case Control::Rate:
        command.rate = value;
        break;
    case Control::Batch:
        command.batch = static_cast<int>(std::lround(value));
        break;
    }
}

// Without a cap the contract itself limits; that is no raise above the ceiling.
bool isAboveCeiling(const engine::TuningValue& tuning, const std::optional<double>& value)
{
    return value && tuning.ceiling && *value > *tuning.ceiling + 1e-9;
}

bool isAnyAboveCeiling(const std::vector<engine::ShardSnapshot>& shards, const StagedTuning& staged)
{
    return std::any_of(shards.begin(), shards.end(), [&staged](const auto& shard) {
        return std::any_of(kControls.begin(), kControls.end(), [&](Control control) {
            return isAboveCeiling(tuningOf(shard, control), stagedValue(staged, control));
        });
    });
}

bool isThrottledRaise(const std::vector<engine::ShardSnapshot>& shards, const StagedTuning& staged)
{
    const auto raises = [&staged](const engine::ShardSnapshot& shard, Control control) {
        const auto value = stagedValue(staged, control);
        return value && rank(control, *value) > rank(control, tuningOf(shard, control).now) + 1e-9;
    };
    return std::any_of(shards.begin(), shards.end(), [&](const auto& shard) {
        const bool isThrottled = shard.state == engine::ShardState::Throttled
            || std::find(shard.also.begin(), shard.also.end(), engine::ShardState::Throttled)
                != shard.also.end();
        return isThrottled && (raises(shard, Control::Concurrency) || raises(shard, Control::Rate));
    });
}

bool isSameTuning(const engine::TuneCommand& a, const engine::TuneCommand& b)
{
    return a.concurrency == b.concurrency && a.rate == b.rate && a.batch == b.batch
        && a.keepFor == b.keepFor;
}

// To the group with the same values, or a group of its own.
void addUndo(std::vector<engine::TuneCommand>& commands, engine::TuneCommand command)
{
    command.reset = true;
    command.isAboveCeilingAllowed = true; // it was in force before
    const auto same = std::find_if(commands.begin(), commands.end(),
        [&](const auto& other) { return isSameTuning(other, command); });
    if (same == commands.end())
        commands.push_back(std::move(command));
    else
        same->targets.push_back(command.targets.front());
}

} // namespace

int StagedTuning::changes() const
{
    return int { concurrency.has_value() } + int { rate.has_value() } + int { batch.has_value() };
}

const engine::TuningValue& tuningOf(const engine::ShardSnapshot& shard, Control control)
{
    switch (control) {
    case Control::Concurrency:
        return shard.concurrency;
    case Control::Rate:
        return shard.rate;
    case Control::Batch:
        break;
    }
    return shard.batch;
}

double setValue(const engine::TuningValue& value)
{
    return value.overridden.value_or(value.configured);
}

std::optional<double> commonSetValue(
    const std::vector<engine::ShardSnapshot>& shards, Control control)
{
    if (shards.empty())
        return std::nullopt;
    const double first = setValue(tuningOf(shards.front(), control));
    const bool isCommon = std::all_of(shards.begin(), shards.end(), [&](const auto& shard) {
        return std::abs(setValue(tuningOf(shard, control)) - first) < 1e-9;
    });
    return isCommon ? std::optional(first) : std::nullopt;
}

std::optional<double> stagedValue(const StagedTuning& staged, Control control)
{
    switch (control) {
    case Control::Concurrency:
        return staged.concurrency ? std::optional<double>(*staged.concurrency) : std::nullopt;
    case Control::Rate:
        return staged.rate;
    case Control::Batch:
        return staged.batch ? std::optional<double>(*staged.batch) : std::nullopt;
    }
    return std::nullopt;
}

QString tuningWarning(const std::vector<engine::ShardSnapshot>& shards, const StagedTuning& staged)
{
    QStringList lines;
    if (isThrottledRaise(shards, staged))
        lines += TuningText::tr(
            "Throttled now: more workers make more refusals, not more deliveries.");
    for (const Control control : kControls) {
        const auto value = stagedValue(staged, control);
        for (const auto& shard : shards) {
            const auto& tuning = tuningOf(shard, control);
            if (!isAboveCeiling(tuning, value))
                continue;
            lines += TuningText::tr("%1 %2 lies above the ceiling of %3 (%4).")
                         .arg(controlName(control), formatControl(control, *value),
                             formatControl(control, *tuning.ceiling), ceilingSourceText(tuning));
            break;
        }
    }
    return lines.join(u'\n');
}

bool raisesAboveConfigured(
    const std::vector<engine::ShardSnapshot>& shards, const StagedTuning& staged)
{
    return std::any_of(shards.begin(), shards.end(), [&staged](const auto& shard) {
        return std::any_of(kControls.begin(), kControls.end(), [&](Control control) {
            const auto value = stagedValue(staged, control);
            return value
                && rank(control, *value)
                > rank(control, tuningOf(shard, control).configured) + 1e-9;
        });
    });
}

engine::TuneCommand makeTuneCommand(const std::vector<engine::ShardSnapshot>& shards,
    const StagedTuning& staged, std::optional<engine::Seconds> keepFor)
{
    engine::TuneCommand command;
    for (const auto& shard : shards)
        command.targets.push_back(shard.shard);
    command.keepFor = keepFor;
    const bool takesCapAway = staged.rate && *staged.rate <= 0;
    if (takesCapAway && !shards.empty()) {
        command.reset = true;
        for (const Control control : { Control::Concurrency, Control::Batch }) {
            if (const auto kept = overriddenOf(shards.front(), control))
                setField(command, control, *kept);
        }
    }
    for (const Control control : kControls) {
        const auto value = stagedValue(staged, control);
        if (value && !(control == Control::Rate && takesCapAway))
            setField(command, control, *value);
    }
    command.isAboveCeilingAllowed = isAnyAboveCeiling(shards, staged);
    return command;
}

GuardedAction guardedActionOf(
    const std::vector<engine::ShardSnapshot>& shards, const StagedTuning& staged)
{
    if (isAnyAboveCeiling(shards, staged))
        return GuardedAction::TuneAboveCeiling;
    return isThrottledRaise(shards, staged) ? GuardedAction::TuneWhileThrottled
                                            : GuardedAction::Tune;
}

engine::ForecastQuery makeForecastQuery(
    const engine::ShardSnapshot& shard, const StagedTuning& staged)
{
    const bool takesCapAway = staged.rate && *staged.rate <= 0;
    engine::ForecastQuery query { .shard = shard.shard };
    query.concurrency = staged.concurrency;
    query.batch = staged.batch;
    query.isLiveRateDropped = takesCapAway;
    if (!takesCapAway)
        query.rate = staged.rate;
    return query;
}

std::vector<engine::TuneCommand> makeUndoCommands(
    const std::vector<engine::ShardSnapshot>& shards, engine::WallTime now)
{
    std::vector<engine::TuneCommand> commands;
    for (const auto& shard : shards) {
        engine::TuneCommand command { .targets = { shard.shard } };
        for (const Control control : kControls) {
            if (const auto value = overriddenOf(shard, control))
                setField(command, control, *value);
        }
        const bool wasTrial = shard.trial && shard.trial->until > now;
        if (wasTrial) { // first what the trial goes back to, then the trial again
            addUndo(commands,
                { .targets = { shard.shard },
                    .concurrency = shard.trial->concurrency,
                    .rate = shard.trial->rate,
                    .batch = shard.trial->batch });
            command.keepFor = std::chrono::ceil<engine::Seconds>(shard.trial->until - now);
        }
        addUndo(commands, std::move(command));
    }
    return commands;
}

QString controlName(Control control)
{
    switch (control) {
    case Control::Concurrency:
        return TuningText::tr("Concurrency");
    case Control::Rate:
        return TuningText::tr("Rate");
    case Control::Batch:
        return TuningText::tr("Batch size");
    }
    return {};
}

namespace {

QString learnedText(const engine::TuningValue& value)
{
    const QString from = QString::fromStdString(value.ceilingLearnedFrom);
    if (!value.ceilingLearnedAt)
        return TuningText::tr("learned from the platform's answers");
    const QString at = formatClock(*value.ceilingLearnedAt);
    return from.isEmpty()
        ? TuningText::tr("learned %1", "a ceiling, at a time of day").arg(at)
        : TuningText::tr("learned %1 from %2",
            "a ceiling, at a time of day, from an error code or the name of a header")
              .arg(at, from);
}

} // namespace

QString ceilingSourceText(const engine::TuningValue& value)
{
    switch (value.ceilingSource) {
    case engine::CeilingSource::Documented:
        return TuningText::tr("documented by the platform");
    case engine::CeilingSource::Integrations:
        return TuningText::tr("seen in public integrations");
    case engine::CeilingSource::Operator:
        return TuningText::tr("the operations view, not a promise of the platform");
    case engine::CeilingSource::Advice:
        return TuningText::tr("our advice: the platform publishes no number");
    case engine::CeilingSource::Unverified:
        return TuningText::tr("unverified: try it on a live account");
    case engine::CeilingSource::Configured:
        return TuningText::tr("configured");
    case engine::CeilingSource::Learned:
        return learnedText(value);
    case engine::CeilingSource::Header:
        return TuningText::tr("from the platform's quota headers");
    case engine::CeilingSource::Unknown:
        break;
    }
    return TuningText::tr("source unknown");
}

QString ceilingSourceWord(engine::CeilingSource source)
{
    switch (source) {
    case engine::CeilingSource::Documented:
        return TuningText::tr("documented");
    case engine::CeilingSource::Integrations:
        return TuningText::tr("seen in use");
    case engine::CeilingSource::Operator:
        return TuningText::tr("operations view");
    case engine::CeilingSource::Advice:
        return TuningText::tr("advice");
    case engine::CeilingSource::Unverified:
        return TuningText::tr("unverified");
    case engine::CeilingSource::Configured:
        return TuningText::tr("configured");
    case engine::CeilingSource::Learned:
        return TuningText::tr("learned");
    case engine::CeilingSource::Header:
        return TuningText::tr("from headers");
    case engine::CeilingSource::Unknown:
        break;
    }
    return {};
}

QString formatControl(Control control, double value)
{
    if (control != Control::Rate)
        return formatExact(std::llround(value));
    return value <= 0 ? TuningText::tr("no cap")
                      : TuningText::tr("%1/s").arg(formatRequestRate(value));
}

} // namespace ui
