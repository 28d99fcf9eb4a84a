// The pages about platforms say what the compiled-in contracts, the adapters and their tables of
// codes say: a number that changes in one place and not in the other fails here.
#include "engine/platforms/event_samples.h"
#include "engine/platforms/platform_cases.h"
#include "help_page.h"
#include "platforms/answers.h"
#include "platforms/criteo.h"
#include "platforms/customerio_app.h"
#include "platforms/customerio_payload.h"
#include "platforms/google_errors.h"
#include "platforms/linkedin.h"
#include "platforms/meta.h"
#include "platforms/microsoft_answers.h"
#include "platforms/outbrain.h"
#include "platforms/pinterest.h"
#include "platforms/reddit.h"
#include "platforms/snapchat.h"
#include "platforms/taboola.h"
#include "platforms/tiktok.h"
#include "platforms/x.h"
#include "support/test_program.h"

#include <set>

namespace tst_platform_pages {

using namespace engine;
using namespace engine::config;
using namespace engine::platforms;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {

const PlatformSpecs& specs()
{
    static const PlatformSpecs all = [] {
        Problems problems("built in");
        return builtInSpecs(problems);
    }();
    return all;
}

// Every way into a platform; the platform itself where there is one only.
std::vector<PlatformSpec> waysInto(const PlatformSpec& spec)
{
    return spec.apis.empty() ? std::vector { spec } : spec.apis;
}

// As contract files and pages write it.
QString wordOf(CeilingSource source)
{
    if (source == CeilingSource::Documented)
        return QStringLiteral("doc");
    if (source == CeilingSource::Integrations)
        return QStringLiteral("code");
    return QLatin1String(source == CeilingSource::Operator ? "operator" : "advice");
}

QString periodText(Millis period)
{
    const QString text = durationText(std::chrono::floor<Seconds>(period));
    return text.startsWith(u"1 ") ? text.mid(2) : text; // "100 a second", "100 per second"
}

bool isUnitNamed(const QString& row, LimitUnit unit)
{
    const QStringList words = unit == LimitUnit::Requests
        ? QStringList { QStringLiteral("request"), QStringLiteral("message"),
              QStringLiteral("broadcast") }
        : QStringList { QStringLiteral("event"), QStringLiteral("conversion"),
              QStringLiteral("operation") };
    return std::any_of(
        words.begin(), words.end(), [&](const QString& word) { return row.contains(word); });
}

bool isLimitTold(const QStringList& row, const Limit& limit)
{
    const QString all = row.join(u' ');
    return hasNumber(all, limit.amount) && all.contains(periodText(limit.period))
        && isUnitNamed(all, limit.unit) && all.contains(u"switched off") == !limit.isEnabled
        && row.value(2).contains(wordOf(limit.source));
}

bool isBatchTold(const QStringList& row, const PlatformSpec& way)
{
    const std::int64_t used = largestBatch(way.contract, way.batchDefault);
    const bool isPart = used < way.contract.batchRecords;
    return row.value(0).contains(u"one request")
        && hasNumber(row.value(1), way.contract.batchRecords)
        && row.value(2).contains(wordOf(way.contract.batchSource))
        && (!isPart || row.value(1).contains(QStringLiteral("of which %1").arg(numberText(used))));
}

bool areSlotsTold(const QStringList& row, const Contract& contract)
{
    return row.value(0).contains(u"at once") && hasNumber(row.value(1), contract.concurrency)
        && row.value(2).contains(wordOf(contract.concurrencySource));
}

// What may stand as a number in a table of limits.
std::set<std::int64_t> numbersOf(const PlatformSpec& way)
{
    const Contract& contract = way.contract;
    std::set<std::int64_t> numbers { contract.concurrency, contract.batchRecords, way.batchDefault,
        largestBatch(contract, way.batchDefault), contract.batchBytes, contract.batchBytes / 1'000,
        (contract.batchBytes + 1) / 1'000 };
    for (const Limit& limit : contract.limits) {
        numbers.insert(limit.amount);
        numbers.insert(periodText(limit.period).section(u' ', 0, 0).toLongLong());
    }
    if (contract.recordBytes)
        numbers.insert(*contract.recordBytes / 1'000);
    for (const auto& rate : { way.rate, way.importRate }) {
        if (rate)
            numbers.insert(std::llround(*rate));
    }
    for (const auto& time : { contract.acceptedAge, contract.futureSkew }) {
        if (time)
            numbers.insert(durationText(*time).section(u' ', 0, 0).toLongLong());
    }
    return numbers;
}

// Numbers that options of the adapter hold and not the contract.
std::set<std::int64_t> optionNumbersOf(const std::string& platform)
{
    std::set<std::int64_t> numbers;
    const CustomerIoSizes sizes = customerIoSizes({});
    if (platform == "customerio") {
        for (const std::size_t size :
            { sizes.id, sizes.eventName, sizes.attributeName, sizes.attribute, sizes.attributes })
            numbers.insert(static_cast<std::int64_t>(size));
    }
    return numbers;
}

// Ages that depend on the event: the adapter's word for each kind.
std::set<Seconds> agesOf(const PlatformCase& way)
{
    constexpr const char* kEvents[] {
        R"({"event_id":"e","event_name":"purchase","action_source":"website"})",
        R"({"event_id":"e","event_name":"purchase","action_source":"physical_store"})",
    };
    const DestinationConfig to = destinationOf(way);
    std::set<Seconds> ages;
    for (const char* event : kEvents) {
        if (const auto age = adapterFor(way.platform)->acceptedAge(canonical(event), to))
            ages.insert(*age);
    }
    return ages;
}

std::set<Seconds> durationsOf(const PlatformSpec& way)
{
    const Contract& contract = way.contract;
    std::set<Seconds> all;
    const auto add = [&](Millis time) { all.insert(std::chrono::floor<Seconds>(time)); };
    for (const Millis time : { contract.cooldownMin, contract.cooldownMax, contract.retry.base,
             contract.retry.cap, contract.timeout })
        add(time);
    for (const auto& time : { contract.acceptedAge, contract.futureSkew, contract.dedupWindow }) {
        if (time)
            add(*time);
    }
    if (contract.cooldownDayAfter)
        add(*contract.cooldownDayAfter);
    for (const Limit& limit : contract.limits)
        add(limit.period);
    return all;
}

// Times of a platform that are neither in its contract nor an age: what they are.
struct OwnDuration {
    const char* platform { nullptr };
    Seconds time {};
    const char* what { nullptr };
};
constexpr auto kDay = Seconds { 86'400 };
constexpr OwnDuration kOwnDurations[] {
    { "customerio", 3 * kDay, "events that start campaigns" },
    { "customerio-app", 16h, "how long it is asked what became of a broadcast" },
    { "google", 6h, "before a click is known" },
    { "google", 16h, "how long it is asked what became of a request" },
    { "linkedin", 60 * kDay, "life of an access token" },
    { "microsoft", 2h, "before a goal takes conversions" },
    { "microsoft", 90 * kDay, "life of a refresh token" },
    { "snapchat", 7 * kDay, "other integrations" },
    { "snapchat", 28 * kDay, "other integrations" },
    { "snapchat", 30 * kDay, "repeats of an order" },
};
// How far clocks may be off before an event counts as one of the future.
constexpr Seconds kClockDrift = 5min;

bool isDurationKnown(const PlatformSpec& spec, Seconds time)
{
    if (time == kClockDrift)
        return true;
    for (const PlatformSpec& way : waysInto(spec)) {
        if (durationsOf(way).contains(time))
            return true;
    }
    for (const PlatformCase& way : kPlatformCases) {
        if (way.platform == spec.platform && agesOf(way).contains(time))
            return true;
    }
    return std::any_of(std::begin(kOwnDurations), std::end(kOwnDurations),
        [&](const OwnDuration& own) { return own.platform == spec.platform && own.time == time; });
}

// What the console shows as the code of an error, and the class that it has.
struct Met {
    std::string code {};
    Outcome outcome { Outcome::Transient };
};
using AllMet = std::vector<Met>;

void addStatuses(AllMet& all, std::span<const StatusMeaning> table)
{
    for (const StatusMeaning& row : table) {
        for (const int status : { row.first, row.last }) {
            const bool isFirst = std::none_of(table.begin(), table.begin() + (&row - table.data()),
                [&](const StatusMeaning& other) {
                    return status >= other.first && status <= other.last;
                });
            if (isFirst && row.outcome != Outcome::Accepted)
                all.push_back({ std::to_string(status), row.outcome });
        }
    }
}

void addMeta(AllMet& all)
{
    for (const MetaCode& row : metaCodes()) {
        for (const std::int64_t code : { row.first, row.last })
            all.push_back({ std::to_string(code)
                    + (row.subcode ? '/' + std::to_string(*row.subcode) : std::string()),
                row.verdict.outcome });
    }
    all.push_back({ "events_received", Outcome::Unknown });
}

void addGoogle(AllMet& all)
{
    for (const GoogleCode& row : googleCodes())
        all.push_back({ std::string(row.value.empty() ? row.group : row.value), row.outcome });
    for (const GoogleStatus& row : googleStatuses())
        all.push_back({ std::string(row.name), row.outcome });
    for (const char* code : { "UNPARSEABLE_GCLID", "EXPIRED_EVENT", "CONVERSION_PRECEDES_EVENT",
             "CLICK_NOT_FOUND", "INVALID_USER_IDENTIFIER", "ORDER_ID_CONTAINS_PII" })
        all.push_back({ code, Outcome::Invalid });
    for (const char* code : { "OAUTH_TOKEN_EXPIRED", "OAUTH_TOKEN_REVOKED", "NOT_ADS_USER" })
        all.push_back({ code, Outcome::Auth });
    for (const char* code : { "USER_PERMISSION_DENIED", "CUSTOMER_NOT_ENABLED",
             "CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE", "DEVELOPER_TOKEN_NOT_APPROVED" })
        all.push_back({ code, Outcome::Config });
    all.push_back({ "RESOURCE_TEMPORARILY_EXHAUSTED", Outcome::Throttled });
    all.push_back({ "CONCURRENT_MODIFICATION", Outcome::Transient });
    all.push_back({ "no_result", Outcome::Unknown });
}

void addTiktok(AllMet& all)
{
    for (const TiktokCode& row : tiktokCodes()) {
        for (const std::int64_t code : { row.first, row.last }) {
            if (code != 0)
                all.push_back({ std::to_string(code), row.outcome });
        }
    }
}

void addLinkedin(AllMet& all)
{
    all = { { "429", Outcome::Throttled }, { "401", Outcome::Auth }, { "403", Outcome::Config },
        { "404", Outcome::Config }, { "426", Outcome::Config }, { "400", Outcome::Invalid },
        { "422", Outcome::Invalid }, { "400", Outcome::Config }, { "413", Outcome::Oversize },
        { "500", Outcome::Transient }, { "elements", Outcome::Unknown } };
    for (const LinkedinCode& row : linkedinTokenCodes())
        all.push_back({ std::string(row.code), Outcome::Auth });
}

void addMicrosoft(AllMet& all)
{
    for (const MicrosoftCode& row : microsoftCodes())
        all.push_back({ std::to_string(row.code), row.outcome });
    all.push_back({ "401", Outcome::Auth });
    all.push_back({ "429", Outcome::Throttled });
    all.push_back({ "validation", Outcome::Invalid });
    all.push_back({ "events_received", Outcome::Unknown });
}

template <class Row, std::size_t N>
void addRows(AllMet& all, const Row (&rows)[N])
{
    for (const Row& row : rows)
        all.push_back({ std::to_string(row.status), row.outcome });
}

void addCriteo(AllMet& all)
{
    for (const CriteoErrorWord& row : kCriteoErrors)
        all.push_back({ std::string(row.word), row.outcome });
    all.push_back({ "UserIdentifierMissing", Outcome::Invalid });
    addStatuses(all, kCriteoStatuses);
}

void addX(AllMet& all)
{
    for (const XCode& row : xCodes())
        all.push_back({ std::string(row.code), row.outcome });
    all.push_back({ "conversions_processed", Outcome::Unknown });
}

void addPinterest(AllMet& all)
{
    for (const PinterestCode& row : pinterestCodes())
        all.push_back({ std::to_string(row.code), row.outcome });
    all.push_back({ "failed", Outcome::Invalid });
    all.push_back({ "unreadable_answer", Outcome::Unknown });
}

void addCustomerIo(AllMet& all)
{
    all = { { "207", Outcome::Invalid }, { "400", Outcome::Invalid }, { "422", Outcome::Invalid },
        { "401", Outcome::Auth }, { "403", Outcome::Config }, { "404", Outcome::Config },
        { "413", Outcome::Oversize }, { "429", Outcome::Throttled }, { "408", Outcome::Transient },
        { "500", Outcome::Transient }, { "524", Outcome::Transient },
        { "unreadable_answer", Outcome::Unknown } };
}

void addWebhook(AllMet& all)
{
    all = { { "400", Outcome::Invalid }, { "401", Outcome::Auth }, { "403", Outcome::Config },
        { "410", Outcome::Config }, { "413", Outcome::Oversize }, { "422", Outcome::Invalid },
        { "429", Outcome::Throttled }, { "500", Outcome::Transient } };
}

struct PlatformCodes {
    const char* platform { nullptr };
    void (*add)(AllMet&) { nullptr };
};
constexpr PlatformCodes kPlatformCodes[] {
    { "criteo", addCriteo },
    { "customerio", addCustomerIo },
    { "customerio-app", [](AllMet& all) { addStatuses(all, kCustomerIoAppStatuses); } },
    { "google", addGoogle },
    { "linkedin", addLinkedin },
    { "meta", addMeta },
    { "microsoft", addMicrosoft },
    { "outbrain", [](AllMet& all) { addStatuses(all, kOutbrainStatuses); } },
    { "pinterest", addPinterest },
    { "reddit",
        [](AllMet& all) {
            addRows(all, kRedditStatuses);
            all.push_back({ "other_count", Outcome::Unknown });
        } },
    { "snapchat",
        [](AllMet& all) {
            addRows(all, kSnapchatStatuses);
            all.push_back({ "INVALID", Outcome::Invalid });
        } },
    { "taboola", [](AllMet& all) { addStatuses(all, kTaboolaStatuses); } },
    { "tiktok", addTiktok },
    { "webhook", addWebhook },
    { "x", addX },
};

AllMet metAt(const std::string& platform)
{
    AllMet all;
    for (const PlatformCodes& each : kPlatformCodes) {
        if (each.platform == platform)
            each.add(all);
    }
    return all;
}

bool isTold(const std::vector<QStringList>& rows, const Met& met)
{
    return std::any_of(rows.begin(), rows.end(), [&](const QStringList& row) {
        return row.value(1) == QLatin1String(toString(met.outcome))
            && isCodeNamed(row.value(0), QString::fromStdString(met.code));
    });
}

HelpPage pageOf(const std::string& platform)
{
    return HelpPage(
        QStringLiteral(SPILLWAY_HELP "/platform-%1.md").arg(QString::fromStdString(platform)));
}

} // namespace

class TestPlatformPages final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyLimitStandsInThePagesTable_data();
    void everyLimitStandsInThePagesTable();
    void noOtherNumberStandsThere_data();
    void noOtherNumberStandsThere();
    void agesAndWindowsOfThePageAreTheContracts_data();
    void agesAndWindowsOfThePageAreTheContracts();
    void everyErrorIsExplainedUnderItsClass_data();
    void everyErrorIsExplainedUnderItsClass();
    void whatHoldsEverywhereIsExplainedOnce();
    void everyTestFormIsListed();
    void everyCredentialAndOptionIsNamed_data();
    void everyCredentialAndOptionIsNamed();
    void theReadmesTableIsTheContracts_data();
    void theReadmesTableIsTheContracts();

private:
    static void addPlatforms();
};

void TestPlatformPages::addPlatforms()
{
    QTest::addColumn<QString>("platform");
    QVERIFY(specs().size() >= 15);
    for (const auto& [platform, spec] : specs())
        QTest::newRow(platform.c_str()) << QString::fromStdString(platform);
}

void TestPlatformPages::everyLimitStandsInThePagesTable_data() { addPlatforms(); }
void TestPlatformPages::everyLimitStandsInThePagesTable()
{
    QFETCH(QString, platform);
    const PlatformSpec& spec = specs().at(platform.toStdString());
    if (platform == u"webhook") { // only the receiver knows them
        QVERIFY(spec.contract.limits.empty());
        return;
    }
    const auto rows = pageOf(spec.platform).table(QStringLiteral("Limits"));
    const auto isAnywhere
        = [&](const auto& isIn) { return std::any_of(rows.begin(), rows.end(), isIn); };
    for (const PlatformSpec& way : waysInto(spec)) {
        for (const Limit& limit : way.contract.limits) {
            const std::string what = way.api + ": " + std::to_string(limit.amount) + ' '
                + toString(limit.unit) + " a " + periodText(limit.period).toStdString();
            QVERIFY2(isAnywhere([&](const QStringList& row) { return isLimitTold(row, limit); }),
                what.c_str());
        }
        QVERIFY2(isAnywhere([&](const QStringList& row) { return isBatchTold(row, way); }),
            (way.api + ": batch").c_str());
        QVERIFY2(
            isAnywhere([&](const QStringList& row) { return areSlotsTold(row, way.contract); }),
            (way.api + ": requests at once").c_str());
    }
}

void TestPlatformPages::noOtherNumberStandsThere_data() { addPlatforms(); }
void TestPlatformPages::noOtherNumberStandsThere()
{
    QFETCH(QString, platform);
    const PlatformSpec& spec = specs().at(platform.toStdString());
    std::set<std::int64_t> known;
    for (const PlatformSpec& way : waysInto(spec))
        known.merge(numbersOf(way));
    std::vector<std::int64_t> said;
    for (const QStringList& row : pageOf(spec.platform).table(QStringLiteral("Limits"))) {
        const auto numbers = numbersIn(row.value(1));
        said.insert(said.end(), numbers.begin(), numbers.end());
    }
    for (const std::int64_t number : ceilingsIn(pageOf(spec.platform).prose()))
        said.push_back(number);
    const auto ofOptions = optionNumbersOf(spec.platform);
    for (const std::int64_t number : ofOptions)
        QVERIFY2(std::count(said.begin(), said.end(), number) > 0, std::to_string(number).c_str());
    known.insert(ofOptions.begin(), ofOptions.end());
    for (const std::int64_t number : said)
        QVERIFY2(known.contains(number), std::to_string(number).c_str());
}

void TestPlatformPages::agesAndWindowsOfThePageAreTheContracts_data() { addPlatforms(); }
void TestPlatformPages::agesAndWindowsOfThePageAreTheContracts()
{
    QFETCH(QString, platform);
    const PlatformSpec& spec = specs().at(platform.toStdString());
    const QString prose = pageOf(spec.platform).prose();
    const auto said = durationsIn(prose);
    for (const Seconds time : said)
        QVERIFY2(isDurationKnown(spec, time), qPrintable(durationText(time)));
    const auto verify = [&](Seconds time) {
        QVERIFY2(
            said.contains(time), qPrintable(QStringLiteral("not told: ") + durationText(time)));
    };
    for (const PlatformSpec& way : waysInto(spec)) {
        for (const auto& time : { way.contract.acceptedAge, way.contract.dedupWindow }) {
            if (time)
                verify(*time);
        }
        if (!way.contract.dedupField.empty() && !way.contract.dedupWindow)
            QVERIFY2(prose.contains(u"for ever") || prose.contains(u"as long as")
                    || prose.contains(u"no end of that"),
                "not told that repeats are known for ever");
    }
    for (const PlatformCase& way : kPlatformCases) {
        if (way.platform != spec.platform)
            continue;
        for (const Seconds age : agesOf(way))
            verify(age);
    }
}

void TestPlatformPages::everyErrorIsExplainedUnderItsClass_data() { addPlatforms(); }
void TestPlatformPages::everyErrorIsExplainedUnderItsClass()
{
    QFETCH(QString, platform);
    const auto rows = pageOf(platform.toStdString()).table(QStringLiteral("Errors"));
    const AllMet all = metAt(platform.toStdString());
    QVERIFY(all.size() >= 5);
    QString missing;
    for (const Met& met : all) {
        if (!isTold(rows, met))
            missing += QString::fromStdString(met.code) + u' '
                + QLatin1String(toString(met.outcome)) + QStringLiteral("; ");
    }
    QVERIFY2(missing.isEmpty(), qPrintable(missing));
    for (const QStringList& row : rows) {
        const bool isClass = parseOutcome(row.value(1).toStdString()).has_value();
        QVERIFY2(isClass && row.size() == 4, qPrintable(row.join(u'|')));
    }
}

void TestPlatformPages::whatHoldsEverywhereIsExplainedOnce()
{
    const HelpPage page(QStringLiteral(SPILLWAY_HELP "/platforms.md"));
    const auto rows = page.table(QStringLiteral("Answers"));
    AllMet all { { "unreadable_answer", Outcome::Unknown } };
    addStatuses(all, genericStatuses());
    using Kind = TransportFailure::Kind;
    const auto add = [&](bool wasSent, std::initializer_list<Kind> kinds) {
        for (const Kind kind : kinds)
            all.push_back({ toString(kind),
                decodeFailure({ .kind = kind, .wasSent = wasSent }, 1).records[0].outcome });
    };
    add(false,
        { Kind::Dns, Kind::Connect, Kind::Tls, Kind::Timeout, Kind::Closed, Kind::Cancelled });
    add(true,
        { Kind::Tls, Kind::Timeout, Kind::Closed, Kind::TooLarge, Kind::Cancelled,
            Kind::Protocol });
    for (const Met& met : all)
        QVERIFY2(isTold(rows, met), (met.code + ' ' + toString(met.outcome)).c_str());
}

// And what it needs: without that there is none.
void TestPlatformPages::everyTestFormIsListed()
{
    const auto rows
        = HelpPage(QStringLiteral(SPILLWAY_HELP "/platforms.md")).table(QStringLiteral("A trial"));
    using Kind = LiveCheck::Kind;
    std::set<QString> listed;
    for (const PlatformCase& way : kPlatformCases) {
        DestinationConfig to = destinationOf(way);
        const Kind bare = adapterFor(to.platform)->liveCheck(to).kind;
        to.options["test_event_code"] = to.options["test_id"] = "T1";
        const Kind kind = adapterFor(to.platform)->liveCheck(to).kind;
        if (kind == Kind::None)
            continue;
        const QString mark = u'`' + QString::fromUtf8(way.platform) + u'`';
        const auto row = std::find_if(rows.begin(), rows.end(),
            [&](const QStringList& cells) { return cells.value(0) == mark; });
        QVERIFY2(row != rows.end(), way.name);
        listed.insert(mark);
        QVERIFY2(row->value(1).contains(kind == Kind::TestEvent ? u"test event" : u"validated"),
            way.name);
        QVERIFY2(bare == kind || row->value(2).contains(u"`test_"), way.name);
    }
    QCOMPARE(rows.size(), listed.size());
}

void TestPlatformPages::everyCredentialAndOptionIsNamed_data() { addPlatforms(); }
void TestPlatformPages::everyCredentialAndOptionIsNamed()
{
    QFETCH(QString, platform);
    const PlatformSpec& spec = specs().at(platform.toStdString());
    std::set<std::string> names { "account" };
    for (const PlatformSpec& way : waysInto(spec)) {
        names.insert(way.credentials.begin(), way.credentials.end());
        names.insert(way.optionalCredentials.begin(), way.optionalCredentials.end());
        names.insert(way.options.begin(), way.options.end());
        for (const auto& set : way.credentialSets)
            names.insert(set.begin(), set.end());
        if (!way.api.empty())
            names.insert(way.api);
    }
    const HelpPage page = pageOf(spec.platform);
    QString told; // the first column of what there is to set
    for (const QStringList& row : page.table(QStringLiteral("What to set")))
        told += row.value(0) + u' ';
    for (const std::string& name : names) {
        const QString mark = u'`' + QString::fromStdString(name) + u'`';
        const bool isApi = std::any_of(spec.apis.begin(), spec.apis.end(),
            [&](const PlatformSpec& way) { return way.api == name; });
        QVERIFY2(isApi ? page.prose().contains(mark) : told.contains(mark), name.c_str());
    }
}

void TestPlatformPages::theReadmesTableIsTheContracts_data() { addPlatforms(); }
void TestPlatformPages::theReadmesTableIsTheContracts()
{
    QFETCH(QString, platform);
    const PlatformSpec& spec = specs().at(platform.toStdString());
    const HelpPage readme(QStringLiteral(SPILLWAY_README));
    const auto rows = readme.table(QStringLiteral("Platforms in this version"));
    QCOMPARE(rows.size(), specs().size());
    const auto found = std::find_if(rows.begin(), rows.end(),
        [&](const QStringList& row) { return row.value(1) == u'`' + platform + u'`'; });
    QVERIFY(found != rows.end());
    if (platform == u"webhook")
        return;
    const QString records = found->value(2);
    const QString contract = found->value(3);
    std::set<std::int64_t> known;
    for (const PlatformSpec& way : waysInto(spec)) {
        known.merge(numbersOf(way));
        QVERIFY2(hasNumber(records, way.contract.batchRecords), qPrintable(records));
        for (const Limit& limit : way.contract.limits) {
            QVERIFY2(!limit.isEnabled
                    || (hasNumber(contract, limit.amount)
                        && contract.contains(periodText(limit.period))),
                qPrintable(contract));
        }
    }
    for (const std::int64_t number : numbersIn(records + u' ' + contract))
        QVERIFY2(known.contains(number), qPrintable(records + u'|' + contract));
}

SPILLWAY_TEST(TestPlatformPages)

} // namespace tst_platform_pages

#include "tst_platform_pages.moc"
