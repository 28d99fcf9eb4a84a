// What differs between a payload that failed and one that was accepted, field by field. Pure.
#pragma once

#include <QString>

#include <string>
#include <vector>

namespace ui {

struct PayloadDifference {
    enum class Kind { Missing, OtherType, New, OtherValue }; // in the order of suspicion
    Kind kind { Kind::OtherValue };
    QString pointer {}; // "/user/email"
    QString accepted {}; // as JSON text, masked; empty for New
    QString failed {}; // empty for Missing
};

// Both are JSON; personal data is masked before anything is compared, so that a person's data is no
// difference. Numbers are compared as they are written. Most suspicious first.
[[nodiscard]] std::vector<PayloadDifference> comparePayloads(
    const std::string& accepted, const std::string& failed);

// "other type: number → text"
[[nodiscard]] QString differenceText(const PayloadDifference& difference);
[[nodiscard]] QString typeWord(const QString& value); // of JSON as it stands
[[nodiscard]] QString differenceWord(PayloadDifference::Kind kind); // "missing"

} // namespace ui
