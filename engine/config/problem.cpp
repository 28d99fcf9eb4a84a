#include "config/problem.h"

namespace engine::config {

std::string toString(const Problem& problem)
{
    std::string text = problem.file;
    if (problem.line > 0)
        text += ':' + std::to_string(problem.line) + ':' + std::to_string(problem.column);
    text += problem.isWarning ? ": warning: " : ": ";
    if (!problem.key.empty())
        text += problem.key + ": ";
    return text + problem.message;
}

void Problems::error(int line, int column, std::string key, std::string message)
{
    m_hasErrors = true;
    m_all.push_back({ m_file, line, column, std::move(key), std::move(message), false });
}

void Problems::warning(int line, int column, std::string key, std::string message)
{
    m_all.push_back({ m_file, line, column, std::move(key), std::move(message), true });
}

} // namespace engine::config
