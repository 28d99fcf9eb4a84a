// What operators say and make of groups of dead letters. Store thread only.
#pragma once

#include <engine/commands.h>
#include <engine/pages.h>
#include <engine/result.h>

#include <string>
#include <utility>
#include <vector>

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

// What an operator made of a group: which others were put straight into it, in the order of their
// text, and whether it is one for each account.
struct GroupShape {
    std::vector<std::string> merged {};
    bool isSplit { false };
    friend bool operator==(const GroupShape&, const GroupShape&) = default;
};
[[nodiscard]] Result<GroupShape> groupShape(
    WriteTransaction& transaction, const std::string& fingerprint);

// Joins and splits groups; no dead letter is touched, so a million of them cost what one costs.
// Gives back how many groups it concerned. NotFound for a group that never was; Conflict when a
// join would make a circle, or when there is nothing to take out.
[[nodiscard]] Result<int> shapeGroups(
    WriteTransaction& transaction, const GroupShapeCommand& command);

} // namespace engine::store
