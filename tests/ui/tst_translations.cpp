#include "format/format.h"
#include "support/test_program.h"
#include "window/language.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QXmlStreamReader>

#include <set>

namespace tst_translations {

using namespace ui;

namespace {

const QString kSources = QStringLiteral(SPILLWAY_SOURCES);
const QString kGerman = kSources + QStringLiteral("/resources/translations/spillway_de.ts");

struct Message {
    QString source {};
    QStringList translations {}; // several: plural forms
    bool isUnfinished { false };
};

std::vector<Message> read(const QString& path)
{
    QFile file(path);
    std::vector<Message> messages;
    if (!file.open(QIODevice::ReadOnly))
        return messages;
    QXmlStreamReader xml(&file);
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == u"message")
            messages.emplace_back();
        else if (xml.name() == u"source")
            messages.back().source = xml.readElementText();
        else if (xml.name() == u"numerusform")
            messages.back().translations << xml.readElementText();
        else if (xml.name() == u"translation") {
            messages.back().isUnfinished = xml.attributes().hasAttribute(QStringLiteral("type"));
            if (messages.back().source.contains(QStringLiteral("%n")))
                continue; // its forms follow
            messages.back().translations << xml.readElementText();
        }
    }
    return messages;
}

std::multiset<QString> placesOf(const QString& text)
{
    static const QRegularExpression kPlace(QStringLiteral("%(n|\\d+)"));
    std::multiset<QString> places;
    for (auto it = kPlace.globalMatch(text); it.hasNext();)
        places.insert(it.next().captured());
    return places;
}

} // namespace

class TestTranslations final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void everyTextOfTheProgramIsInGerman();
    void translationsKeepTheirPlacesAndMarks();
    void germanSpeaksGermanAndFrenchStaysEnglish();
};

void TestTranslations::init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

// The sources are read as the translators' tool reads them: a text that was added or changed since
// is in the fresh list without a translation.
void TestTranslations::everyTextOfTheProgramIsInGerman()
{
    QTemporaryDir directory;
    const QString fresh = directory.filePath(QStringLiteral("fresh.ts"));
    QVERIFY(QFile::copy(kGerman, fresh));
    QProcess lupdate;
    lupdate.setWorkingDirectory(kSources);
    lupdate.start(QStringLiteral(SPILLWAY_LUPDATE),
        { QStringLiteral("ui"), QStringLiteral("app"), QStringLiteral("-locations"),
            QStringLiteral("none"), QStringLiteral("-no-obsolete"), QStringLiteral("-silent"),
            QStringLiteral("-ts"), fresh });
    QVERIFY(lupdate.waitForFinished(100'000));
    QCOMPARE(lupdate.exitCode(), 0);
    QStringList missing;
    const auto messages = read(fresh);
    for (const auto& message : messages) {
        if (message.isUnfinished || message.translations.join(QString()).isEmpty())
            missing << message.source;
    }
    QVERIFY(messages.size() > 800);
    QVERIFY2(missing.isEmpty(),
        qPrintable(QStringLiteral("%1 without German: %2")
                       .arg(missing.size())
                       .arg(missing.join(QStringLiteral(" | ")))));
}

void TestTranslations::translationsKeepTheirPlacesAndMarks()
{
    for (const auto& message : read(kGerman)) {
        for (const auto& translation : message.translations) {
            QVERIFY2(placesOf(translation) == placesOf(message.source),
                qPrintable(message.source + QStringLiteral(" | ") + translation));
            QCOMPARE(translation.endsWith(u'…'), message.source.endsWith(u'…'));
        }
    }
}

void TestTranslations::germanSpeaksGermanAndFrenchStaysEnglish()
{
    installLanguage(*QCoreApplication::instance(), QLocale(QLocale::French));
    QCOMPARE(stateWord(engine::ShardState::Throttled), QStringLiteral("Throttled"));
    QCOMPARE(QCoreApplication::translate("ui::OverviewPage", "Export %n shown row(s)", nullptr, 1),
        QStringLiteral("Export 1 shown row"));
    QCOMPARE(QCoreApplication::translate("ui::OverviewPage", "Export %n shown row(s)", nullptr, 2),
        QStringLiteral("Export 2 shown rows"));
    installLanguage(*QCoreApplication::instance(), QLocale(QLocale::German));
    QCOMPARE(stateWord(engine::ShardState::Throttled), QStringLiteral("Gedrosselt"));
    QCOMPARE(QCoreApplication::translate("ui::OverviewPage", "Export %n shown row(s)", nullptr, 2),
        QStringLiteral("2 gezeigte Zeilen exportieren"));
}

SPILLWAY_TEST(TestTranslations)

} // namespace tst_translations

#include "tst_translations.moc"
