#include "support/test_program.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace engine::testing {
namespace {

std::map<std::string, ProgramPart::Run, std::less<>>& parts()
{
    static std::map<std::string, ProgramPart::Run, std::less<>> all;
    return all;
}

std::string_view stem(std::string_view path)
{
    path.remove_prefix(path.rfind('/') + 1);
    return path.substr(0, path.find('.'));
}

} // namespace

ProgramPart::ProgramPart(const char* sourceOrName, Run run)
{
    parts().emplace(stem(sourceOrName), run);
}

int ProgramPart::runChosen(int argc, char** argv)
{
    const auto part = argc > 1 ? parts().find(std::string_view(argv[1])) : parts().end();
    if (part == parts().end()) {
        std::fprintf(stderr, "usage: %s TEST [arguments of Qt Test]\ntests here:\n", argv[0]);
        for (const auto& [name, run] : parts())
            std::fprintf(stderr, "  %s\n", name.c_str());
        return 2;
    }
    std::rotate(argv + 1, argv + 2, argv + argc); // the name is no argument of Qt Test
    return part->second(argc - 1, argv);
}

} // namespace engine::testing
