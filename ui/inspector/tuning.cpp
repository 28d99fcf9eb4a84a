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

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Tuning)
};

constexpr std::array<Control, 3> kControls { Control::Concurrency, Control::Rate, Control::Batch };

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

// "No cap" is the highest rate there is.
double rank(Control control, double value)
{
    const bool isUncapped = control == Control::Rate && value <= 0;
    return isUncapped ? std::numeric_limits<double>::infinity() : value;
}

double outAt(const engine::ShardSnapshot& shard, const StagedTuning& staged, double requestSeconds)
{
    const double concurrency = staged.concurrency.value_or(shard.concurrency.now);
    const double batch = staged.batch.value_or(shard.batch.now);
    const double rate = staged.rate.value_or(shard.rate.now);
    double out = concurrency * batch / requestSeconds;
    if (rate > 0)
        out = std::min(out, rate * batch);
    if (shard.rate.ceiling)
        out = std::min(out, *shard.rate.ceiling * shard.batch.now);
    return out * (1 - shard.errorRatio.value_or(0));
}

std::optional<engine::Seconds> drainAt(const engine::ShardSnapshot& shard, double out)
{
    const double surplus = out - shard.inPerSecond;
    if (surplus <= 0 || shard.queueDepth == 0)
        return std::nullopt;
    const double seconds = static_cast<double>(shard.queueDepth) / surplus;
    // Beyond a month nobody plans with it, and the cast stays safe.
    return engine::Seconds { std::llround(std::min(seconds, 2'592'000.0)) };
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

Prediction predict(const engine::ShardSnapshot& shard, const StagedTuning& staged)
{
    Prediction result;
    result.outNow = shard.outPerSecond;
    result.inPerSecond = shard.inPerSecond;
    result.isThrottleKnown = shard.rate.ceiling.has_value();
    const auto secondsOf = [](engine::Millis time) {
        return std::max<double>(1, static_cast<double>(time.count())) / 1'000;
    };
    if (shard.latencyP50)
        result.outHigh = outAt(shard, staged, secondsOf(*shard.latencyP50));
    if (shard.latencyP95)
        result.outLow = outAt(shard, staged, secondsOf(*shard.latencyP95));
    if (!result.outHigh)
        result.outHigh = result.outLow;
    if (!result.outLow)
        result.outLow = result.outHigh;
    if (result.outHigh) {
        result.drainLow = drainAt(shard, *result.outHigh);
        result.drainHigh = drainAt(shard, *result.outLow);
        result.shortBy = std::max(0.0, shard.inPerSecond - *result.outHigh);
    }
    if (shard.rate.ceiling && staged.rate)
        result.exceedsCeiling = rank(Control::Rate, *staged.rate) > *shard.rate.ceiling + 1e-9;
    return result;
}

QString predictionText(const Prediction& prediction)
{
    if (!prediction.outHigh)
        return Text::tr("Effect unknown: too few requests in the last minute to measure one.");
    const QString low = formatRate(*prediction.outLow);
    const QString high = formatRate(*prediction.outHigh);
    const QString range = low == high ? high : Text::tr("%1 to %2", "a range").arg(low, high);
    QString text
        = Text::tr("Out %1/s → %2/s, if In stays at %3/s.")
              .arg(formatRate(prediction.outNow), range, formatRate(prediction.inPerSecond));
    if (!prediction.isThrottleKnown)
        text += u' ' + Text::tr("Effect on throttling unknown: no ceiling is known.");
    else if (prediction.exceedsCeiling)
        text += u' ' + Text::tr("The ceiling stays the limit: what goes beyond it is throttled.");
    return text;
}

QString drainText(const Prediction& prediction)
{
    if (!prediction.outHigh)
        return {};
    if (prediction.shortBy > 0)
        return Text::tr("Not draining, short by %1/s.").arg(formatRate(prediction.shortBy));
    if (!prediction.drainLow)
        return Text::tr("Nothing to drain.");
    const QString quick = formatDuration(*prediction.drainLow);
    if (!prediction.drainHigh)
        return Text::tr("Drained in %1 at best; at the p95 request time it does not drain.")
            .arg(quick);
    const QString slow = formatDuration(*prediction.drainHigh);
    return quick == slow ? Text::tr("Drained in %1.").arg(quick)
                         : Text::tr("Drained in %1 to %2.").arg(quick, slow);
}

QString tuningWarning(const std::vector<engine::ShardSnapshot>& shards, const StagedTuning& staged)
{
    QStringList lines;
    const auto raises = [&staged](const engine::ShardSnapshot& shard, Control control) {
        const auto value = stagedValue(staged, control);
        return value && rank(control, *value) > rank(control, tuningOf(shard, control).now) + 1e-9;
    };
    const bool isThrottledRaise = std::any_of(shards.begin(), shards.end(), [&](const auto& shard) {
        const bool isThrottled = shard.state == engine::ShardState::Throttled
            || std::find(shard.also.begin(), shard.also.end(), engine::ShardState::Throttled)
                != shard.also.end();
        return isThrottled && (raises(shard, Control::Concurrency) || raises(shard, Control::Rate));
    });
    if (isThrottledRaise)
        lines += Text::tr("Throttled now: more workers make more refusals, not more deliveries.");
    for (const Control control : kControls) {
        const auto value = stagedValue(staged, control);
        for (const auto& shard : shards) {
            const auto& tuning = tuningOf(shard, control);
            if (!value || !tuning.ceiling || rank(control, *value) <= *tuning.ceiling + 1e-9)
                continue;
            // Without a cap the contract itself limits; that is no raise above the ceiling.
            if (control == Control::Rate && *value <= 0)
                continue;
            lines += Text::tr("%1 %2 lies above the ceiling of %3 (%4).")
                         .arg(controlName(control), formatControl(control, *value),
                             formatControl(control, *tuning.ceiling),
                             ceilingSourceText(tuning.ceilingSource));
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
    command.isAboveCeilingAllowed
        = std::any_of(shards.begin(), shards.end(), [&staged](const auto& shard) {
              return std::any_of(kControls.begin(), kControls.end(), [&](Control control) {
                  const auto value = stagedValue(staged, control);
                  const auto& ceiling = tuningOf(shard, control).ceiling;
                  return value && ceiling && *value > *ceiling + 1e-9;
              });
          });
    return command;
}

std::vector<engine::TuneCommand> makeUndoCommands(const std::vector<engine::ShardSnapshot>& shards)
{
    std::vector<engine::TuneCommand> commands;
    for (const auto& shard : shards) {
        engine::TuneCommand command;
        command.reset = true;
        command.isAboveCeilingAllowed = true; // it was in force before
        for (const Control control : kControls) {
            if (const auto value = overriddenOf(shard, control))
                setField(command, control, *value);
        }
        const auto same = std::find_if(commands.begin(), commands.end(), [&](const auto& other) {
            return other.concurrency == command.concurrency && other.rate == command.rate
                && other.batch == command.batch;
        });
        if (same == commands.end()) {
            command.targets.push_back(shard.shard);
            commands.push_back(std::move(command));
        } else {
            same->targets.push_back(shard.shard);
        }
    }
    return commands;
}

QString controlName(Control control)
{
    switch (control) {
    case Control::Concurrency:
        return Text::tr("Concurrency");
    case Control::Rate:
        return Text::tr("Rate");
    case Control::Batch:
        return Text::tr("Batch size");
    }
    return {};
}

QString ceilingSourceText(engine::CeilingSource source)
{
    switch (source) {
    case engine::CeilingSource::Documented:
        return Text::tr("documented by the platform");
    case engine::CeilingSource::Configured:
        return Text::tr("configured");
    case engine::CeilingSource::Learned:
        return Text::tr("learned from throttling");
    case engine::CeilingSource::Header:
        return Text::tr("from the platform's quota headers");
    case engine::CeilingSource::Unknown:
        break;
    }
    return Text::tr("source unknown");
}

QString ceilingSourceWord(engine::CeilingSource source)
{
    switch (source) {
    case engine::CeilingSource::Documented:
        return Text::tr("documented");
    case engine::CeilingSource::Configured:
        return Text::tr("configured");
    case engine::CeilingSource::Learned:
        return Text::tr("learned");
    case engine::CeilingSource::Header:
        return Text::tr("from headers");
    case engine::CeilingSource::Unknown:
        break;
    }
    return {};
}

QString formatControl(Control control, double value)
{
    if (control != Control::Rate)
        return formatExact(std::llround(value));
    return value <= 0 ? Text::tr("no cap") : Text::tr("%1/s").arg(formatRequestRate(value));
}

} // namespace ui
