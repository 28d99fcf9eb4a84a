// What is wrong with a configuration, where, and what was expected.
#pragma once

#include <string>
#include <vector>

namespace engine::config {

struct Problem {
    std::string file {};
    int line { 0 }; // 1…; 0 when the whole file is meant
    int column { 0 };
    std::string key {}; // "destination[meta-main].rate"
    std::string message {}; // "expected a number above 0, found \"fast\""
    bool isWarning { false }; // said, but the file is accepted
};

[[nodiscard]] std::string toString(
    const Problem& problem); // "spillway.toml:12:8: destination[x].rate: …"

class Problems {
public:
    explicit Problems(std::string file)
        : m_file(std::move(file))
    {
    }
    void error(int line, int column, std::string key, std::string message);
    void warning(int line, int column, std::string key, std::string message);
    [[nodiscard]] bool hasErrors() const { return m_hasErrors; }
    [[nodiscard]] const std::vector<Problem>& all() const { return m_all; }

private:
    std::string m_file;
    std::vector<Problem> m_all {};
    bool m_hasErrors { false };
};

} // namespace engine::config
