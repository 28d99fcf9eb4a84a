// Which delivery is being turned into a record at this moment, in a small mapped file beside the
// database. A delivery that kills the process there has no request yet that would count its
// attempt: the next start finds it here and counts one, so that it ends in the queue of dead
// letters and does not end every run.
#pragma once

#include "core/delivery.h"

#include <QFile>

#include <optional>
#include <string>

namespace engine::store {

struct EncodingNow {
    ShardKey shard {};
    DeliveryKey key {};
};

// One thread. What it writes outlives the process, though not the machine: that is what it is for.
class EncodingMark {
public:
    explicit EncodingMark(
        const std::string& directory); // makes the file; without room it does nothing
    void set(const EncodingNow& now);
    void clear();

    // What the last run left there, for its successor.
    [[nodiscard]] static std::optional<EncodingNow> left(const std::string& directory);
    static void forget(const std::string& directory);

private:
    QFile m_file {};
    std::int64_t* m_numbers { nullptr }; // of the mapping; null: there is none
};

} // namespace engine::store
