// The tests of a room are one program: its headers are read and its templates made once, which is
// most of what compiling a test costs. Each test source keeps its names in a namespace of its own,
// ends with SPILLWAY_TEST(TheClass), and is one entry of ctest:  build/release/tests/tests_store
// tst_store_accept [Qt Test's arguments]
#pragma once

#include <QTest>

namespace engine::testing {

// A part of the program that its first argument chooses by name: the name of the source that has
// it, or another one.
class ProgramPart {
public:
    using Run = int (*)(int argc, char** argv);
    ProgramPart(const char* sourceOrName, Run run); // the text is a literal

    static int runChosen(int argc, char** argv);
};

} // namespace engine::testing

#define SPILLWAY_TEST(Class)                                                                       \
    static const engine::testing::ProgramPart kPart { __FILE__, [](int argc, char** argv) {        \
                                                         Class test;                               \
                                                         return QTest::qExec(&test, argc, argv);   \
                                                     } };
