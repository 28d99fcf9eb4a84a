// A configuration that a help page or an example file shows is one that the program takes.
#include "config/config_file.h"
#include "support/test_program.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>

namespace tst_help_examples {

using namespace engine::config;

namespace {

QString textOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

// What an example leaves out because it is the same everywhere.
QString whole(const QString& example)
{
    if (example.contains(u"[[workspace]]"))
        return example;
    return QStringLiteral("[control]\nkey = \"env:KEY\"\n[[workspace]]\nname = \"shop\"\n"
                          "write_key = \"env:KEY\"\n")
        + example;
}

} // namespace

class TestHelpExamples final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyPlatformPageShowsAConfigurationThatIsTaken_data();
    void everyPlatformPageShowsAConfigurationThatIsTaken();
    void everyExampleFileIsTaken();
    void theSimulatorsExampleHasEveryPlatform();
};

void TestHelpExamples::everyPlatformPageShowsAConfigurationThatIsTaken_data()
{
    QTest::addColumn<QString>("platform");
    const QStringList pages = QDir(QStringLiteral(SPILLWAY_HELP))
                                  .entryList({ QStringLiteral("platform-*.md") }, QDir::Files);
    if (pages.isEmpty())
        QSKIP("there is no page about a platform");
    for (const QString& page : pages) {
        const QString platform = page.mid(9).chopped(3);
        QTest::newRow(qPrintable(platform)) << platform;
    }
}

void TestHelpExamples::everyPlatformPageShowsAConfigurationThatIsTaken()
{
    QFETCH(QString, platform);
    Problems problems("built in");
    const PlatformSpecs specs = builtInSpecs(problems);
    QVERIFY(specs.contains(platform.toStdString()));
    const QString text = textOf(QStringLiteral(SPILLWAY_HELP "/platform-%1.md").arg(platform));
    const QRegularExpression fenced(
        QStringLiteral("```toml\n(.*?)```"), QRegularExpression::DotMatchesEverythingOption);
    int examples = 0;
    for (auto it = fenced.globalMatch(text); it.hasNext(); ++examples) {
        const QString example = it.next().captured(1);
        const Loaded loaded
            = parseConfig(whole(example).toStdString(), platform.toStdString(), specs);
        for (const Problem& problem : loaded.problems)
            qWarning("%s", toString(problem).c_str());
        QVERIFY2(loaded.problems.empty() && loaded.config != nullptr, qPrintable(example));
        for (const auto& destination : loaded.config->destinations)
            QCOMPARE(destination.platform, platform.toStdString());
    }
    QVERIFY(examples > 0);
}

void TestHelpExamples::everyExampleFileIsTaken()
{
    Problems problems("built in");
    const PlatformSpecs specs = builtInSpecs(problems);
    const QDir folder(QStringLiteral(SPILLWAY_EXAMPLES));
    const QStringList files = folder.entryList({ QStringLiteral("*.toml") }, QDir::Files);
    QVERIFY(files.size() >= 2);
    for (const QString& name : files) {
        const Loaded loaded
            = parseConfig(textOf(folder.filePath(name)).toStdString(), name.toStdString(), specs);
        QVERIFY2(loaded.problems.empty() && loaded.config != nullptr,
            loaded.problems.empty() ? "" : toString(loaded.problems.front()).c_str());
    }
}

// And nothing in it leaves this machine.
void TestHelpExamples::theSimulatorsExampleHasEveryPlatform()
{
    Problems problems("built in");
    const PlatformSpecs specs = builtInSpecs(problems);
    const QString text = textOf(QStringLiteral(SPILLWAY_EXAMPLES "/simulator.toml"));
    const Loaded loaded = parseConfig(text.toStdString(), "simulator.toml", specs);
    QVERIFY(loaded.config != nullptr);
    for (const auto& [platform, spec] : specs) {
        const auto& all = loaded.config->destinations;
        const bool isThere = std::any_of(all.begin(), all.end(),
            [&name = platform](const auto& each) { return each.platform == name; });
        QVERIFY2(isThere, platform.c_str());
    }
    for (const auto& destination : loaded.config->destinations) {
        QVERIFY(destination.endpoint.starts_with("http://127.0.0.1:9100/"));
        const auto token = destination.options.find("token_endpoint");
        QVERIFY(token == destination.options.end()
            || token->second.starts_with("http://127.0.0.1:9100/"));
    }
}

SPILLWAY_TEST(TestHelpExamples)

} // namespace tst_help_examples

#include "tst_help_examples.moc"
