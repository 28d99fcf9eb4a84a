// Reads JSON as formatJson() lays it out: one value a line, containers opened and closed on lines
// of their own. So every number keeps its digits, which a parser into doubles would take. Pure.
#pragma once

#include <QString>
#include <QStringView>

#include <vector>

namespace ui {

struct OutlineItem {
    int depth { 0 };
    QString key {}; // of an object, as it stands; empty in an array
    QString path {}; // "$.items[0].id", as the filter line takes it
    QString value {}; // as it stands, quotes included; of a container its opening bracket
    bool isContainer { false };
};

// At most `itemsMax`, in reading order.
[[nodiscard]] std::vector<OutlineItem> outlineOf(QStringView formatted, int itemsMax);

// Where in the document the character at `position` stands; empty outside of any value.
[[nodiscard]] OutlineItem outlineAt(QStringView formatted, qsizetype position);

// Cuts strings longer than `charsMax` and says how long they are; `count` is how many there were.
struct Elided {
    QString text {};
    int count { 0 };
};
[[nodiscard]] Elided elideLongStrings(const QString& formatted, int charsMax);

} // namespace ui
