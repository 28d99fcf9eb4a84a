// What operators say of a group of dead letters. Store thread only.
#pragma once

#include <engine/pages.h>
#include <engine/result.h>

#include <string>
#include <utility>

namespace engine::store {

class WriteTransaction;

struct GroupRemark {
    std::string fingerprint {};
    GroupStatus status { GroupStatus::Known };
    std::string note {};
    std::string who {};
};
// Gives back what was said before: status and note. NotFound for a group that never was.
[[nodiscard]] Result<std::pair<GroupStatus, std::string>> setGroupStatus(
    WriteTransaction& transaction, const GroupRemark& remark);

} // namespace engine::store
