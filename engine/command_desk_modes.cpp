// Commands about the engine as a whole: sale mode, thresholds, the configuration, notes.
#include "command_desk.h"

namespace engine {
namespace {

std::string describe(const ProfileConfig& profile)
{
    return "profile " + profile.name + ", safety level " + toString(profile.safety);
}

} // namespace

SaleMode CommandDesk::sale() const
{
    return m_sale.at(m_ports.saleWindows(), m_ports.clock->wallNow());
}

void CommandDesk::run(const JobPtr& job, const SaleCommand& command)
{
    job->action = "sale_mode";
    setSale(job, command);
}

void CommandDesk::setSale(const JobPtr& job, const SaleCommand& command)
{
    job->target = "sale mode";
    SaleUndo undo { .before = switchOf(sale()) };
    job->result.before = toString(sale());
    auto row
        = m_sale.set(command, job->command.who, m_ports.saleWindows(), m_ports.clock->wallNow());
    if (!row)
        return failed(job, row.error());
    job->result.after = toString(sale());
    undo.after = switchOf(sale());
    job->undo = std::move(undo);
    m_wasSale = sale().isOn; // the command is its own mark on the charts
    keep(job, { std::move(*row) });
    finish(job);
}

// A window opens or closes by itself: charts show when.
void CommandDesk::showSale()
{
    const SaleMode mode = sale();
    if (m_wasSale.value_or(mode.isOn) != mode.isOn) {
        m_ports.annotate({ .kind = Annotation::Kind::Action,
            .at = m_ports.clock->wallNow(),
            .until = mode.isOn ? mode.until : std::nullopt,
            .text = "sale mode " + toString(mode) });
    }
    m_wasSale = mode.isOn;
}

void CommandDesk::run(const JobPtr& job, const ReloadCommand&)
{
    job->action = "reload";
    job->target = "configuration";
    const ProfileConfig before = m_ports.profile();
    if (const Status done = m_ports.reload(); !done)
        return failed(job, done.error());
    job->result.after = "in force";
    // Who may do what is another matter then, and the audit tells since when.
    if (const ProfileConfig after = m_ports.profile(); after != before) {
        job->result.before = describe(before);
        job->result.after = "in force, " + describe(after);
    }
    finish(job);
}

Thresholds CommandDesk::thresholds() const
{
    Thresholds values = m_ports.thresholdsConfigured();
    for (const auto& [id, value] : m_thresholds)
        values.set(id, value);
    return values;
}

void CommandDesk::run(const JobPtr& job, const ThresholdsCommand& command)
{
    job->action = "thresholds";
    setThresholds(job, command);
}

void CommandDesk::setThresholds(const JobPtr& job, const ThresholdsCommand& command)
{
    Thresholds proposed = thresholds();
    const Thresholds configured = m_ports.thresholdsConfigured();
    for (const auto& [id, value] : command.values) {
        append(job->target, std::string(specOf(id).key));
        if (value && !isInRange(id, *value)) {
            return failed(job,
                { ErrorCode::BadRequest,
                    std::string(specOf(id).key) + " is a value from " + rangeText(id),
                    std::string(specOf(id).key) });
        }
        proposed.set(id, value.value_or(configured.at(id)));
    }
    if (command.values.empty())
        return failed(job, { ErrorCode::BadRequest, "name a threshold", "thresholds" });
    if (const auto conflict = conflictIn(proposed)) {
        return failed(job,
            { ErrorCode::BadRequest,
                std::string(specOf(conflict->id).key) + " may not be above "
                    + std::string(specOf(conflict->against).key) + ", which is "
                    + thresholdText(conflict->against, proposed.at(conflict->against)),
                std::string(specOf(conflict->id).key) });
    }
    ThresholdsUndo undo;
    std::vector<store::OverrideRow> rows;
    const Thresholds present = thresholds();
    for (const auto& [id, value] : command.values) {
        const auto own = m_thresholds.find(id);
        auto& change = undo.changes[id];
        change.before = own == m_thresholds.end() ? std::nullopt : std::optional(own->second);
        change.after = value;
        append(job->result.before, thresholdText(id, present.at(id)));
        append(job->result.after,
            thresholdText(id, proposed.at(id)) + (value ? "" : ", as configured"));
        const std::string text = value ? thresholdText(id, *value) : std::string {};
        rows.push_back({ {}, std::string(specOf(id).key), text, std::nullopt,
            m_ports.clock->wallNow(), job->command.who });
        if (value)
            m_thresholds[id] = *value;
        else
            m_thresholds.erase(id);
    }
    job->undo = std::move(undo);
    job->result.count = static_cast<std::int64_t>(command.values.size());
    keep(job, std::move(rows));
    finish(job);
}

void CommandDesk::run(const JobPtr& job, const NoteCommand& command)
{
    if (command.action.empty())
        return failed(job, { ErrorCode::BadRequest, "a note says what was done", "action" });
    job->action = command.action;
    job->target = command.target;
    job->result.before = command.before;
    job->result.after = command.after;
    finish(job);
}

} // namespace engine
