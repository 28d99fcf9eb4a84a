#include "engine/ingress/ingress_fakes.h"
#include "ingress/router.h"
#include "support/test_program.h"

namespace tst_router {

using namespace engine;
using namespace engine::ingress;

namespace {

constexpr WallTime kNow { std::chrono::sys_days { std::chrono::year { 2026 } / 11 / 27 }
    + std::chrono::hours { 9 } };
constexpr std::string_view kPurchase
    = R"({"event_name":"Order Completed","user":{"email":"a@b.c"},"properties":{"land":"DE","n":7,"isNew":true}})";

NewEvent eventOf(std::string_view payload)
{
    NewEvent event;
    event.workspace = "shop";
    event.eventId = "1";
    event.payload = std::string(payload);
    event.receivedAt = kNow;
    event.eventTime = kNow - std::chrono::hours { 1 };
    if (const auto json = parseJson(payload); json && json->find("event_name") != nullptr)
        event.name = json->find("event_name")->text();
    return event;
}

NewEvent route(const DestinationConfig& destination, NewEvent event, KnownAccounts& accounts)
{
    auto config = std::make_shared<Config>();
    config->destinations.push_back(destination);
    const Router router(config, testing::fakePlatforms());
    router.route(event, parseJson(event.payload).value_or(Json {}), accounts);
    return event;
}
NewEvent route(const DestinationConfig& destination, std::string_view payload)
{
    KnownAccounts accounts;
    return route(destination, eventOf(payload), accounts);
}

} // namespace

class TestRouter final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aDestinationGetsWhatItAsksFor_data();
    void aDestinationGetsWhatItAsksFor();
    void namesMatchThroughTheAliasTable();
    void whatThePlatformCannotTakeIsCountedWithItsReason();
    void whatNobodyAsksForIsCountedToo();
    void derivedAccountsMakeShards();
    void unusableAccountsGoStraightToTheDeadLetters_data();
    void unusableAccountsGoStraightToTheDeadLetters();
    void accountsAreBoundedAndKnownOnesGoOn();
    void anAccountThatHasJustComeIsNoRetiredOne();
    void expiryIsTheEventTimeAndTheAcceptedAge();
    void thePayloadComesBackUntouched();
};

void TestRouter::aDestinationGetsWhatItAsksFor_data()
{
    QTest::addColumn<QStringList>("workspaces");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QStringList>("values");
    QTest::addColumn<bool>("isDelivered");
    const QStringList none;
    QTest::newRow("everything") << none << QString() << none << true;
    QTest::newRow("its workspace") << QStringList { QStringLiteral("blog"), QStringLiteral("shop") }
                                   << QString() << none << true;
    QTest::newRow("another workspace")
        << QStringList { QStringLiteral("blog") } << QString() << none << false;
    QTest::newRow("a property") << none << QStringLiteral("properties.land")
                                << QStringList { QStringLiteral("AT"), QStringLiteral("DE") }
                                << true;
    QTest::newRow("another value") << none << QStringLiteral("properties.land")
                                   << QStringList { QStringLiteral("AT") } << false;
    QTest::newRow("yes") << none << QStringLiteral("properties.isNew")
                         << QStringList { QStringLiteral("true") } << true;
    QTest::newRow("no") << none << QStringLiteral("properties.isNew")
                        << QStringList { QStringLiteral("false") } << false;
    QTest::newRow("a number as text")
        << none << QStringLiteral("properties.n") << QStringList { QStringLiteral("7") } << true;
    QTest::newRow("a missing property")
        << none << QStringLiteral("properties.x") << QStringList { QStringLiteral("") } << false;
    QTest::newRow("an object") << none << QStringLiteral("properties")
                               << QStringList { QStringLiteral("") } << false;
}

void TestRouter::aDestinationGetsWhatItAsksFor()
{
    QFETCH(QStringList, workspaces);
    QFETCH(QString, path);
    QFETCH(QStringList, values);
    QFETCH(bool, isDelivered);
    DestinationConfig destination = testing::fakeDestination("main");
    for (const QString& workspace : workspaces)
        destination.workspaces.push_back(workspace.toStdString());
    RouteCondition condition { .path = path.toStdString() };
    for (const QString& value : values)
        condition.values.push_back(value.toStdString());
    if (!path.isEmpty())
        destination.where.push_back(condition);
    const NewEvent event = route(destination, kPurchase);
    QCOMPARE(event.deliveries.size(), isDelivered ? std::size_t { 1 } : std::size_t { 0 });
    if (isDelivered) {
        QCOMPARE(toString(event.deliveries.front().shard), std::string("main/100"));
        QCOMPARE(event.deliveries.front().lane, Lane::Live);
        QCOMPARE(event.deliveries.front().dueAt, kNow);
    }
}

void TestRouter::namesMatchThroughTheAliasTable()
{
    const auto isDelivered = [](const char* configured, std::string_view payload) {
        DestinationConfig destination = testing::fakeDestination("main");
        destination.events = { configured };
        return !route(destination, payload).deliveries.empty();
    };
    QVERIFY(isDelivered("Order Completed", kPurchase));
    QVERIFY(isDelivered("purchase", kPurchase));
    QVERIFY(isDelivered("Purchase", kPurchase));
    QVERIFY(!isDelivered("Lead", kPurchase));
    constexpr std::string_view kSmall = R"({"event_name":"own name","user":{"email":"a"}})";
    constexpr std::string_view kLarge = R"({"event_name":"Own Name","user":{"email":"a"}})";
    QVERIFY(isDelivered("own name", kSmall));
    QVERIFY(!isDelivered("own name", kLarge));
}

void TestRouter::whatThePlatformCannotTakeIsCountedWithItsReason()
{
    const NewEvent event = route(testing::fakeDestination("main"), R"({"event_name":"Lead"})");
    QVERIFY(event.deliveries.empty());
    const std::vector<std::pair<std::string, std::string>> expected { { "main", "no_identifier" } };
    QCOMPARE(event.unrouted, expected);
}

void TestRouter::whatNobodyAsksForIsCountedToo()
{
    DestinationConfig destination = testing::fakeDestination("main");
    destination.events = { "Lead" };
    const NewEvent event = route(destination, kPurchase);
    const std::vector<std::pair<std::string, std::string>> expected { { "", "no_destination" } };
    QCOMPARE(event.unrouted, expected);
}

void TestRouter::derivedAccountsMakeShards()
{
    DestinationConfig destination = testing::fakeDestination("main");
    destination.account.clear();
    destination.accountFrom = "properties.customer";
    for (const char* value : { "\"42\"", "42" }) {
        const NewEvent event = route(destination,
            R"({"event_name":"Lead","user":{"email":"a"},"properties":{"customer":)"
                + std::string(value) + "}}");
        QCOMPARE(event.deliveries.size(), std::size_t { 1 });
        QCOMPARE(toString(event.deliveries.front().shard), std::string("main/42"));
        QVERIFY(event.deliveries.front().deadReason.empty());
    }
}

void TestRouter::unusableAccountsGoStraightToTheDeadLetters_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("null") << QByteArray("null") << QByteArray("properties.customer is missing");
    QTest::newRow("empty") << QByteArray("\"\"") << QByteArray("properties.customer is empty");
    QTest::newRow("an object") << QByteArray("{}")
                               << QByteArray("properties.customer is neither a text nor a number");
    QTest::newRow("part of a URL")
        << QByteArray("\"1/../x\"") << QByteArray("properties.customer is not an account of fake");
}

void TestRouter::unusableAccountsGoStraightToTheDeadLetters()
{
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, reason);
    DestinationConfig destination = testing::fakeDestination("main");
    destination.account.clear();
    destination.accountFrom = "properties.customer";
    const NewEvent event = route(destination,
        R"({"event_name":"Lead","user":{"email":"a"},"properties":{"customer":)"
            + value.toStdString() + "}}");
    QCOMPARE(event.deliveries.size(), std::size_t { 1 });
    QCOMPARE(toString(event.deliveries.front().shard), std::string("main/?"));
    QCOMPARE(event.deliveries.front().deadReason, reason.toStdString());
}

void TestRouter::accountsAreBoundedAndKnownOnesGoOn()
{
    DestinationConfig destination = testing::fakeDestination("main");
    destination.account.clear();
    destination.accountFrom = "customer";
    destination.accountsMax = 2;
    KnownAccounts accounts;
    std::vector<ShardId> live { { "main", "1" }, { "main", "2" }, { "other", "9" } };
    int looks = 0;
    accounts.setLiveShards([&] {
        ++looks;
        return live;
    });
    accounts.add({ "main", "1" });
    const auto isDead = [&](const char* account) {
        const NewEvent event = route(destination,
            eventOf(R"({"event_name":"Lead","user":{"email":"a"},"customer":)"
                + std::string(account) + '}'),
            accounts);
        return !event.deliveries.front().deadReason.empty();
    };
    QVERIFY(!isDead("2"));
    QVERIFY(isDead("3"));
    QVERIFY(!isDead("1"));
    live = { { "main", "1" } }; // the other one was retired
    for (int i = 1; i < KnownAccounts::kRefusalsPerLook; ++i)
        QVERIFY(isDead("3")); // a flood of strangers asks seldom
    QCOMPARE(looks, 1);
    QVERIFY(!isDead("3"));
    QVERIFY(isDead("2"));
}

// The list of shards is a second old, and "2" came after it: its place is not free.
void TestRouter::anAccountThatHasJustComeIsNoRetiredOne()
{
    DestinationConfig destination = testing::fakeDestination("main");
    destination.account.clear();
    destination.accountFrom = "customer";
    destination.accountsMax = 2;
    KnownAccounts accounts;
    accounts.setLiveShards([] { return std::vector<ShardId> { { "main", "1" } }; });
    const auto isDead = [&](const char* account) {
        const NewEvent event = route(destination,
            eventOf(R"({"event_name":"Lead","user":{"email":"a"},"customer":)"
                + std::string(account) + '}'),
            accounts);
        return !event.deliveries.front().deadReason.empty();
    };
    QVERIFY(!isDead("1"));
    QVERIFY(!isDead("2"));
    QVERIFY(isDead("3"));
    QVERIFY(isDead("4"));
    QVERIFY(!isDead("2"));
}

void TestRouter::expiryIsTheEventTimeAndTheAcceptedAge()
{
    DestinationConfig destination = testing::fakeDestination("main");
    QVERIFY(!route(destination, kPurchase).deliveries.front().expiresAt.has_value());
    destination.contract.acceptedAge = std::chrono::hours { 24 };
    QCOMPARE(route(destination, kPurchase).deliveries.front().expiresAt,
        std::optional(kNow + std::chrono::hours { 23 }));
}

void TestRouter::thePayloadComesBackUntouched()
{
    QCOMPARE(route(testing::fakeDestination("main"), kPurchase).payload, std::string(kPurchase));
}

SPILLWAY_TEST(TestRouter)

} // namespace tst_router

#include "tst_router.moc"
