// The metrics page: one snapshot in the Prometheus text format, version 0.0.4.
#pragma once

#include <engine/snapshot.h>

#include <string>
#include <string_view>

namespace engine::signals {

inline constexpr std::string_view kPrometheusContentType
    = "text/plain; version=0.0.4; charset=utf-8";

// Names and labels of design §9. Each shard has a row, labelled destination and account; values
// that cannot be had from the rows of the shards (percentile and shares of a whole destination)
// have one more row without an account. An absent value has no row: it is not 0. Pure; about 3 kB
// per shard.
// Beyond this many shards the page is brief, or it would be 5 KB for each: histograms of
// destinations in place of their shards', never both, so that a sum over `account` is the same sum;
// and of lanes, outcomes and forms only those that are not 0. Whoever wants more asks for one
// destination at a time.
inline constexpr std::size_t kShardsInFull = 250;

[[nodiscard]] std::string toPrometheus(const EngineSnapshot& snapshot);

} // namespace engine::signals
