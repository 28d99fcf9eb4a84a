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
