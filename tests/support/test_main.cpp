#include "support/test_program.h"

#include <QCoreApplication>

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    return engine::testing::ProgramPart::runChosen(argc, argv);
}
