// The console over the fake engine, to look at: `console_preview --ui-test --scenario trouble
// --size 1440x900 --theme dark --screenshot out.png`. Without --screenshot it stays open and time
// runs.
#include "support/fake_engine.h"
#include "window/main_window.h"
#include "window/ui_test_mode.h"

#include <QApplication>
#include <QTextStream>
#include <QTimer>

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const auto mode = ui::UiTestMode::parse(QApplication::arguments().mid(1));
    if (!mode) {
        QTextStream(stderr) << QString::fromStdString(mode.error().message) << '\n';
        return 2;
    }
    mode->prepare();
    ui::Theme theme(mode->theme);
    theme.install(application);

    engine::testing::FakeEngine engine({ .scenario = mode->scenario,
        .seed = mode->seed,
        .shards = mode->shards,
        .deadLetters = mode->deadLetters,
        .profileKind = mode->profileKind });
    engine.advance(mode->at);
    ui::FixedUiClock clock(engine.now());
    ui::MainWindow window({ engine, theme, clock, !mode->isOn }, nullptr);
    window.show();
    mode->apply(window);

    QTimer time;
    QObject::connect(&time, &QTimer::timeout, &engine, [&] {
        clock.setNow(clock.wallNow() + engine::Seconds { 1 });
        engine.advance(engine::Seconds { 1 });
    });
    if (mode->screenshot.isEmpty())
        time.start(1'000);
    return QApplication::exec();
}
