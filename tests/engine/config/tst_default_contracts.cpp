// The contracts that the program starts from, number by number: what the operations view and the
// platforms' documents say. A number that changes here changes on purpose.
#include "config/contract_file.h"
#include "support/test_program.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>

namespace tst_default_contracts {

using namespace engine;
using namespace engine::config;

namespace {

// One way into a platform. Limits as "amount unit/period kind scope source", a dash in front of
// those that are switched off.
struct Expected {
    const char* way { nullptr }; // "platform" or "platform, api"
    const char* limits { nullptr };
    const char* request { nullptr }; // records, of which used; requests at once
    const char* time { nullptr }; // accepted age, how far ahead
    const char* repeats { nullptr }; // the field, and for how long
    const char* cooldown { nullptr };
};
constexpr Expected kExpected[] {
    { "meta", "1000 events/1m rolling account operator", "1000/100 4", "7d enforced, 1m",
        "event_id 2d", "1m 1h" },
    { "google, offline",
        "100 events/1s rolling account operator; -15000 events/1d fixed credential documented",
        "2000/100 2", "90d, 0s", "orderId", "30s 1h" },
    { "google, data_manager",
        "300 requests/1m rolling credential documented; "
        "100000 requests/1d fixed credential documented",
        "2000/500 2", "90d, 0s", "transactionId", "30s 1h" },
    { "tiktok",
        "600 requests/1m rolling credential operator; "
        "-1000 requests/1s rolling credential integrations; "
        "-600000 requests/1m rolling credential integrations; "
        "-86400000 requests/1d fixed credential integrations",
        "1000/100 4", "7d, 1m", "event_id 2d", "1s 1m" },
    { "linkedin",
        "600 requests/1m rolling credential operator; 300000 requests/1d fixed credential "
        "operator; "
        "-300 requests/1m rolling credential integrations; "
        "-500000 requests/1d fixed credential documented",
        "5000/500 2", "90d", "eventId 2d", "1m 15m, the day's end after 15m" },
    { "microsoft, offline", "", "1000/500 2", "90d enforced, 0s", "MicrosoftClickId", "1m 1m" },
    { "microsoft, uet", "10 requests/1s rolling account advice", "1000/100 2", "7d, 1m",
        "eventId 2d", "2s 5m" },
    { "x, oauth",
        "100000 requests/15m header account documented; "
        "-60000 events/15m rolling account documented",
        "500/100 4", "7d", "conversion_id 2d", "1m 15m" },
    { "x, pixel_token",
        "100000 requests/15m header account documented; "
        "-60000 events/15m rolling account documented",
        "500/100 4", "7d", "conversion_id 2d", "1m 15m" },
    { "pinterest",
        "5000 requests/1m header credential operator; "
        "5000 requests/1m rolling account documented; "
        "-100 requests/1s rolling credential documented",
        "1000/200 4", "7d, 1m", "event_id 1d", "5s 5m" },
    { "snapchat",
        "100 requests/1s rolling credential advice; "
        "-1000 requests/1s rolling credential integrations",
        "2000/200 4", "37d enforced, 1m", "event_id 2d", "1s 1m" },
    { "reddit, v3",
        "1000 requests/1m rolling credential advice; "
        "250000 events/1m rolling account integrations; "
        "-5000 requests/1m rolling account integrations",
        "1000/100 4", "7d enforced, 5m", "conversion_id 2d", "5s 10m" },
    { "reddit, v2",
        "1000 requests/1m rolling credential advice; "
        "250000 events/1m rolling account integrations; "
        "-5000 requests/1m rolling account integrations",
        "1000/100 4", "7d enforced, 5m", "conversion_id 2d", "5s 10m" },
    { "taboola, bulk", "2 requests/1s rolling account advice", "1000/100 2", "30d, 0s",
        "orderid 2d", "2s 5m" },
    { "taboola, single", "10 requests/1s rolling account advice", "1/1 2", "30d, 0s", "orderid 2d",
        "2s 5m" },
    { "outbrain",
        "10 requests/1s rolling account advice; -30 requests/1s rolling account documented",
        "1/1 4", "30d, 1m", "orderId 2d", "2s 5m" },
    { "criteo",
        "50 requests/1s rolling account advice; -250 requests/1m rolling account documented",
        "3/1 8", "15m, 1m", "id 2d", "2s 5m" },
    { "customerio, v2",
        "100 requests/1s rolling account operator; -1000 requests/1s rolling account documented; "
        "-3000 requests/3s rolling account integrations",
        "1000/100 10, paced at 80, an import at 50", "", "id", "1s 1m" },
    { "customerio, v1",
        "100 requests/1s rolling account operator; -1000 requests/1s rolling account documented; "
        "-3000 requests/3s rolling account integrations",
        "1/1 10, paced at 80, an import at 50", "", "id", "1s 1m" },
    { "customerio-app, messages", "100 requests/1s rolling account documented", "1/1 10", "", "",
        "1s 1m" },
    { "customerio-app, broadcasts",
        "10 requests/1s rolling account operator; -1 requests/10s rolling account documented",
        "1/1 1", "", "", "1s 1m" },
    { "webhook", "", "1000/1 4", "", "event_id", "1s 5m" },
};

QString limitsOf(const Contract& contract)
{
    QStringList all;
    for (const Limit& limit : contract.limits)
        all += QStringLiteral("%1%2 %3/%4 %5 %6 %7")
                   .arg(QLatin1String(limit.isEnabled ? "" : "-"), QString::number(limit.amount),
                       QLatin1String(toString(limit.unit)),
                       QString::fromStdString(toDurationText(limit.period)),
                       QLatin1String(toString(limit.kind)), QLatin1String(toString(limit.scope)),
                       QLatin1String(toString(limit.source)));
    return all.join(QStringLiteral("; "));
}

QString requestOf(const PlatformSpec& way)
{
    QString text = QStringLiteral("%1/%2 %3")
                       .arg(way.contract.batchRecords)
                       .arg(way.batchDefault)
                       .arg(way.contract.concurrency);
    if (way.rate)
        text += QStringLiteral(", paced at %1").arg(*way.rate);
    if (way.importRate)
        text += QStringLiteral(", an import at %1").arg(*way.importRate);
    return text;
}

QString textOf(Millis time) { return QString::fromStdString(toDurationText(time)); }

QString timeOf(const Contract& contract)
{
    QStringList parts;
    if (contract.acceptedAge)
        parts += textOf(*contract.acceptedAge)
            + QLatin1String(contract.isAgeEnforced ? " enforced" : "");
    if (contract.futureSkew)
        parts += textOf(*contract.futureSkew);
    return parts.join(QStringLiteral(", "));
}

QString repeatsOf(const Contract& contract)
{
    QString text = QString::fromStdString(contract.dedupField);
    if (contract.dedupWindow)
        text += u' ' + textOf(*contract.dedupWindow);
    return text;
}

QString cooldownOf(const Contract& contract)
{
    QString text = textOf(contract.cooldownMin) + u' ' + textOf(contract.cooldownMax);
    if (contract.cooldownDayAfter)
        text += QStringLiteral(", the day's end after ") + textOf(*contract.cooldownDayAfter);
    return text;
}

} // namespace

class TestDefaultContracts final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void everyWayInIsHere();
    void aContractIsWhatIsKnown_data();
    void aContractIsWhatIsKnown();
    void retriesAreTheOperatorsOrTheProducts();
    void everyNumberIsToldWhereItComesFrom();

private:
    std::map<std::string, PlatformSpec> m_ways {};
};

void TestDefaultContracts::initTestCase()
{
    Problems problems("built in");
    for (const auto& [platform, spec] : builtInSpecs(problems)) {
        if (spec.apis.empty())
            m_ways[platform] = spec;
        for (const PlatformSpec& way : spec.apis)
            m_ways[platform + ", " + way.api] = way;
    }
    QVERIFY(!problems.hasErrors());
}

void TestDefaultContracts::everyWayInIsHere()
{
    QCOMPARE(m_ways.size(), std::size(kExpected));
    for (const Expected& row : kExpected)
        QVERIFY2(m_ways.contains(row.way), row.way);
}

void TestDefaultContracts::aContractIsWhatIsKnown_data()
{
    QTest::addColumn<int>("number");
    int number = 0;
    for (const Expected& row : kExpected)
        QTest::newRow(row.way) << number++;
}

void TestDefaultContracts::aContractIsWhatIsKnown()
{
    QFETCH(int, number);
    const Expected& row = kExpected[number];
    const PlatformSpec& way = m_ways.at(row.way);
    QCOMPARE(limitsOf(way.contract), QString::fromUtf8(row.limits));
    QCOMPARE(requestOf(way), QString::fromUtf8(row.request));
    QCOMPARE(timeOf(way.contract), QString::fromUtf8(row.time));
    QCOMPARE(repeatsOf(way.contract), QString::fromUtf8(row.repeats));
    QCOMPARE(cooldownOf(way.contract), QString::fromUtf8(row.cooldown));
}

// Eight sends with waits of 1 to 128 s; Customer.io's own: five, up to a minute.
void TestDefaultContracts::retriesAreTheOperatorsOrTheProducts()
{
    using namespace std::chrono_literals;
    for (const auto& [name, way] : m_ways) {
        const bool isCustomerIo = name.starts_with("customerio");
        const RetryPolicy expected { .attempts = isCustomerIo ? 5 : 8,
            .base = 1s,
            .cap = isCustomerIo ? 60s : 128s,
            .jitter = 0.25 };
        QVERIFY2(way.contract.retry == expected, name.c_str());
    }
}

// In the comment above it, in the words of the file's own legend.
void TestDefaultContracts::everyNumberIsToldWhereItComesFrom()
{
    const QRegularExpression number(QStringLiteral("^\\w+ = (\"?)[0-9][0-9.]*(ms|s|m|h|d)?\\1$"));
    const QRegularExpression source(QStringLiteral("\\b(doc|code|operator|advice|unverified)\\b"));
    const QDir folder(QStringLiteral(":/platforms"));
    QCOMPARE(folder.entryList(QDir::Files).size(), 15);
    for (const QString& name : folder.entryList(QDir::Files)) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString text = QString::fromUtf8(file.readAll());
        if (text.startsWith(u"# Webhook")) { // whose numbers all have one source
            QVERIFY(text.contains(u"All numbers\n# are advice"));
            continue;
        }
        QString comment;
        bool isCommentOpen = false;
        for (const QString& line : text.split(u'\n')) {
            const bool isComment = line.startsWith(u'#');
            if (line.isEmpty() || (isComment && !isCommentOpen))
                comment.clear();
            isCommentOpen = isComment;
            if (isComment)
                comment += line;
            const bool isTold = source.match(comment).hasMatch();
            QVERIFY2(isTold || !number.match(line).hasMatch(), qPrintable(name + u' ' + line));
        }
    }
}

SPILLWAY_TEST(TestDefaultContracts)

} // namespace tst_default_contracts

#include "tst_default_contracts.moc"
