#include "support/test_program.h"

#include <QApplication>

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    return engine::testing::ProgramPart::runChosen(argc, argv);
}
