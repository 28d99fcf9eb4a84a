#include "core/contract.h"

#include <algorithm>

namespace engine {

std::int64_t largestBatch(const Contract& contract, std::int64_t wanted)
{
    std::int64_t batch = std::min(wanted, contract.batchRecords);
    for (const Limit& limit : contract.limits) {
        if (!limit.isEnabled || limit.unit != LimitUnit::Events || limit.amount <= 0)
            continue;
        const auto most
            = limit.kind == LimitKind::Bucket && limit.burst > 0 ? limit.burst : limit.amount;
        batch = std::min(batch, most);
    }
    return std::max<std::int64_t>(batch, 1);
}

CeilingSource largestBatchSource(const Contract& contract)
{
    const std::int64_t most = largestBatch(contract, contract.batchRecords);
    if (most == contract.batchRecords)
        return contract.batchSource;
    for (const Limit& limit : contract.limits) {
        const bool isEvents = limit.isEnabled && limit.unit == LimitUnit::Events;
        if (isEvents && (limit.amount == most || limit.burst == most))
            return limit.source;
    }
    return CeilingSource::Unknown;
}

const char* toString(LimitUnit unit) { return unit == LimitUnit::Events ? "events" : "requests"; }

const char* toString(LimitKind kind)
{
    switch (kind) {
    case LimitKind::Rolling:
        return "rolling";
    case LimitKind::Bucket:
        return "bucket";
    case LimitKind::Fixed:
        return "fixed";
    case LimitKind::Header:
        return "header";
    }
    return "";
}

const char* toString(LimitScope scope)
{
    switch (scope) {
    case LimitScope::Account:
        return "account";
    case LimitScope::Credential:
        return "credential";
    case LimitScope::Destination:
        return "destination";
    }
    return "";
}

} // namespace engine
