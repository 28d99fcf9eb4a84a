// What operators say of a group of dead letters. Store thread only.
#pragma once

#include <engine/pages.h>
#include <engine/result.h>

#include <string>

namespace engine::store {

class WriteTransaction;

struct GroupRemark {
    std::string fingerprint {};
    GroupStatus status { GroupStatus::Known };
    std::string note {};
    std::string who {};
};
// Gives back what was said before. NotFound for a group that never was.
[[nodiscard]] Result<GroupStatus> setGroupStatus(
    WriteTransaction& transaction, const GroupRemark& remark);

} // namespace engine::store
