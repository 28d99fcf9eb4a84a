// What was measured: rows of a table for people, and the same as JSON.
#pragma once

#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace bench {

struct Row {
    std::string name {}; // "accept_arrays_of_500"
    std::string unit {};
    std::vector<double> samples {}; // the value is their median
    std::optional<double> floor {}; // what the same run made of the bare thing
    std::string floorName {};
    std::optional<double> target {}; // what the product promises; told, not judged
    std::string note {};
    [[nodiscard]] double value() const;
};

[[nodiscard]] double medianOf(std::vector<double> samples);

class Report {
public:
    void add(Row row); // also says it at once on stderr
    [[nodiscard]] std::string table() const;
    // False when the file cannot be written.
    [[nodiscard]] bool writeJson(const QString& path) const;

private:
    std::vector<Row> m_rows {};
};

} // namespace bench
