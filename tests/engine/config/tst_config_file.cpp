#include "config/config_file.h"
#include "good_config.h"
#include "support/test_program.h"

namespace tst_config_file {

using namespace engine;
using namespace engine::config;
using namespace std::chrono_literals;

namespace {

const PlatformSpecs& specs()
{
    static Problems problems("built in");
    static const PlatformSpecs all = builtInSpecs(problems);
    return all;
}

Loaded parse(std::string text) { return parseConfig(text, "test.toml", specs()); }

std::string replaced(std::string text, const std::string& what, const std::string& with)
{
    const auto at = text.find(what);
    return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

} // namespace

class TestConfigFile final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyBuiltInContractIsValid();
    void everyNumberOfABuiltInContractSaysHowSureItIs();
    void whatAnOperatorWritesIsHisOwn();
    void theWholeExampleIsRead();
    void faultsNameLineColumnAndWhatWasExpected_data();
    void faultsNameLineColumnAndWhatWasExpected();
    void thresholdsAreReadInTheirUnits();
    void limitsReplaceThePlatformsListWhole();
    void aLimitThatIsLooserThanThePlatformsIsToldAndTaken_data();
    void aLimitThatIsLooserThanThePlatformsIsToldAndTaken();
    void theBreakerOpensWhileRecordsStillHaveAttempts_data();
    void theBreakerOpensWhileRecordsStillHaveAttempts();
    void aBatchNeverExceedsTheSmallestEventsLimit();
    void accountsMayBringTheirOwnCredentials();
    void aFileThatIsNotThereIsAProblemNotACrash();
    void optionsOfAPlatformAreChecked_data();
    void optionsOfAPlatformAreChecked();
    void namesThatLeadNowhereAreListed();
    void whatIsTakenAllTheSameIsTold();
};

void TestConfigFile::everyBuiltInContractIsValid()
{
    Problems problems("built in");
    const PlatformSpecs all = builtInSpecs(problems);
    for (const Problem& problem : problems.all())
        qWarning("%s", toString(problem).c_str());
    QVERIFY(!problems.hasErrors());
    QVERIFY(all.contains("meta") && all.contains("customerio") && all.contains("webhook"));
}

void TestConfigFile::everyNumberOfABuiltInContractSaysHowSureItIs()
{
    for (const auto& [name, spec] : specs()) {
        std::vector<Contract> contracts { spec.contract };
        for (const PlatformSpec& api : spec.apis)
            contracts.push_back(api.contract);
        for (const Contract& contract : contracts) {
            QVERIFY2(contract.concurrencySource != CeilingSource::Unknown, name.c_str());
            QVERIFY2(contract.batchSource != CeilingSource::Unknown, name.c_str());
            for (const Limit& limit : contract.limits)
                QVERIFY2(limit.source != CeilingSource::Configured, name.c_str());
        }
    }
    // Meta publishes no number: 1,000 a minute is the operations view, and a batch ends there.
    const Contract& meta = specs().at("meta").contract;
    QVERIFY(meta.limits.front().source == CeilingSource::Operator);
    QVERIFY(meta.batchSource == CeilingSource::Documented);
    QVERIFY(meta.concurrencySource == CeilingSource::Advice);
    // 2,000 conversions in a request are documented; that the limit makes them 100 is not.
    const Contract& google = specs().at("google").contract;
    QVERIFY(largestBatchSource(google) == CeilingSource::Operator);
    QVERIFY(largestBatchSource(meta) == CeilingSource::Documented);
    const auto problem
        = parse(replaced(kGood, "unit = \"events\"", "unit = \"events\"\nsource = \"hearsay\""))
              .problems;
    QCOMPARE(problem.size(), std::size_t { 1 });
}

void TestConfigFile::whatAnOperatorWritesIsHisOwn()
{
    const Loaded loaded = parse(replaced(kGood, "concurrency = 4", "concurrency = 40"));
    QVERIFY(loaded.config != nullptr);
    const Contract& contract = loaded.config->destination("meta-main")->contract;
    QVERIFY(contract.concurrencySource == CeilingSource::Configured);
    QVERIFY(contract.limits.front().source == CeilingSource::Configured);
    const std::string told = describe(*loaded.config);
    QVERIFY2(told.find("in flight  40 (contract 40, configured)") != told.npos, told.c_str());
    QVERIFY2(told.find("per account (configured)") != told.npos, told.c_str());
    QVERIFY2(told.find("(contract 1000, documented by the platform)") != told.npos, told.c_str());
}

void TestConfigFile::theWholeExampleIsRead()
{
    const Loaded loaded = parse(kGood);
    for (const Problem& problem : loaded.problems)
        qWarning("%s", toString(problem).c_str());
    QVERIFY(loaded.config != nullptr);
    const DestinationConfig* meta = loaded.config->destination("meta-main");
    QVERIFY(meta != nullptr);
    QCOMPARE(meta->batch, 100);
    QCOMPARE(meta->concurrency, 4);
    QCOMPARE(meta->rate, std::optional<double>(8.0));
    QCOMPARE(meta->contract.timeout, Millis(20s));
    QCOMPARE(meta->contract.limits.size(), std::size_t { 1 });
    QCOMPARE(meta->contract.limits[0].amount, std::int64_t { 500 });
    QCOMPARE(meta->contract.limits[0].burst, std::int64_t { 1 });
    QVERIFY(
        (meta->credentials.at("access_token") == SecretRef { SecretRef::Kind::Env, "META_TOKEN" }));
    QCOMPARE(loaded.config->workspaces[0].rate, 100.0);
    QCOMPARE(loaded.config->control.listen.port, std::uint16_t { 8788 });
}

void TestConfigFile::faultsNameLineColumnAndWhatWasExpected_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("with");
    QTest::addColumn<QString>("expected"); // part of the first problem's text
    const auto row
        = [](const char* name, const char* what, const char* with, const char* expected) {
              QTest::newRow(name) << QString::fromUtf8(what) << QString::fromUtf8(with)
                                  << QString::fromUtf8(expected);
          };
    row("unknown key", "tier =", "tire =",
        "test.toml:9:1: workspace[shop].tire: unknown key; did you mean \"tier\"?");
    row("wrong type", "rate = 8.0", "rate = \"fast\"",
        "test.toml:21:8: destination[meta-main].rate: expected a number above 0 to 1000000, found "
        "\"fast\"");
    row("impossible value", "batch = 100", "batch = 0", "expected a whole number from 1 to");
    row("bad duration", "\"20s\"", "\"20\"", "expected a duration");
    row("literal secret", "\"env:META_TOKEN\"", "\"EAAGtoken\"",
        "expected a reference to a secret");
    row("secret is not repeated", "\"env:META_TOKEN\"", "\"EAAGtoken\"", "access_token");
    row("missing credential", "credential.access_token = \"env:META_TOKEN\"", "",
        "credential.access_token: missing");
    row("unknown platform", "platform = \"meta\"", "platform = \"myspace\"", ", found \"myspace\"");
    row("bad account", "\"1029384756\"", "\"../x\"", "is no account of");
    row("bad endpoint", "http://127.0.0.1:9100", "ftp://x",
        "expected an http:// or https:// address");
    row("bad listen", "127.0.0.1:8787", "8787", "HOST:PORT");
    row("unknown workspace", "workspaces = [\"shop\"]", "workspaces = [\"shpo\"]",
        "no [[workspace]] named \"shpo\"");
    row("no write key", "write_key = \"env:SPILLWAY_KEY\"", "", "write_key: missing");
    row("cap below base", "cap = \"128s\"", "cap = \"500ms\"", "may not be shorter than base");
    row("burst above amount", "burst = 1", "burst = 501", "may not exceed amount");
    row("limit without unit", "unit = \"events\"", "", "unit: missing");
    row("no TOML", "[control]", "[control", "not TOML");
    row("rate of infinity", "rate = 8.0", "rate = inf", "expected a number above 0");
    row("dedup outlives events", "[destination.retry]",
        "[retention]\ndedup = \"30d\"\n[destination.retry]", "may not be longer than events");
    row("threshold out of range", "[[destination]]",
        "[thresholds]\nfailing_error_percent = 250\n[[destination]]",
        "thresholds.failing_error_percent: expected a number");
    row("threshold without unit", "[[destination]]",
        "[thresholds]\nbacklogged_lag = 60\n[[destination]]", "expected a duration");
    row("threshold unknown", "[[destination]]",
        "[thresholds]\nbacklog_lag = \"60s\"\n[[destination]]", "did you mean \"backlogged_lag\"?");
    row("degraded above failing", "[[destination]]",
        "[thresholds]\ndegraded_error_percent = 30\n[[destination]]",
        "may not be above failing_error_percent, which is 25");
}

void TestConfigFile::faultsNameLineColumnAndWhatWasExpected()
{
    QFETCH(QString, what);
    QFETCH(QString, with);
    QFETCH(QString, expected);
    std::string text = replaced(kGood, what.toStdString(), with.toStdString());
    if (what.startsWith(
            u"[destination.retry]")) // tables of other sections come before the destination's own
        text = std::string("[retention]\ndedup = \"30d\"\n") + kGood;
    const Loaded loaded = parse(text);
    QVERIFY(loaded.config == nullptr);
    QString all;
    for (const Problem& problem : loaded.problems)
        all += QString::fromStdString(toString(problem)) + u'\n';
    QVERIFY2(all.contains(expected), qPrintable(all));
    QVERIFY2(!all.contains(u"EAAGtoken"), qPrintable(all));
}

void TestConfigFile::thresholdsAreReadInTheirUnits()
{
    const Loaded loaded = parse(std::string(kGood)
        + "\n[thresholds]\nthrottled_percent = 10\nbacklogged_lag_critical = \"30m\"\n"
          "degraded_latency = \"1500ms\"\nfailing_attempts = 20\n");
    for (const Problem& problem : loaded.problems)
        qWarning("%s", toString(problem).c_str());
    QVERIFY(loaded.config != nullptr);
    const Thresholds& thresholds = loaded.config->thresholds;
    QCOMPARE(thresholds.at(Threshold::ThrottledRequests), 0.1);
    QCOMPARE(thresholds.at(Threshold::BackloggedLagCritical), 1'800.0);
    QCOMPARE(thresholds.at(Threshold::DegradedLatency), 1.5);
    QCOMPARE(thresholds.at(Threshold::FailingAttempts), 20.0);
    QCOMPARE(thresholds.at(Threshold::FailingErrors), 0.25); // not named: the default
}

void TestConfigFile::limitsReplaceThePlatformsListWhole()
{
    const std::string text = kGood;
    const auto from = text.find("[[destination.limit]]");
    const auto to = text.find("[destination.retry]");
    const Loaded loaded = parse(text.substr(0, from) + text.substr(to));
    QVERIFY(loaded.config != nullptr);
    const Contract& contract = loaded.config->destination("meta-main")->contract;
    QVERIFY(!contract.limits.empty());
    QCOMPARE(contract.limits[0].amount, std::int64_t { 1'000 }); // the platform's own
}

// Meta's default are 1,000 events a minute.
void TestConfigFile::aLimitThatIsLooserThanThePlatformsIsToldAndTaken_data()
{
    QTest::addColumn<std::string>("limit");
    QTest::addColumn<bool>("isTold");
    const auto row = [](const char* name, const std::string& limit, bool isTold) {
        QTest::newRow(name) << "[[destination.limit]]\n" + limit << isTold;
    };
    row("more", "unit = \"events\"\namount = 1001\nperiod = \"60s\"\n", true);
    row("as much", "unit = \"events\"\namount = 1000\nperiod = \"60s\"\n", false);
    row("in shorter periods", "unit = \"events\"\namount = 17\nperiod = \"1s\"\n", true);
    row("less in shorter periods", "unit = \"events\"\namount = 16\nperiod = \"1s\"\n", false);
    row("a longer period", "unit = \"events\"\namount = 2000\nperiod = \"10m\"\n", true);
    row("few requests", "unit = \"requests\"\namount = 10\nperiod = \"60s\"\n", false);
    row("requests of a hundred", "unit = \"requests\"\namount = 11\nperiod = \"60s\"\n", true);
    row("switched off", "unit = \"events\"\namount = 1000\nperiod = \"60s\"\nenabled = false\n",
        true);
    row("only one of two",
        "unit = \"events\"\namount = 9000\nperiod = \"1h\"\n[[destination.limit]]\n"
        "unit = \"events\"\namount = 900\nperiod = \"60s\"\n",
        false);
}

void TestConfigFile::aLimitThatIsLooserThanThePlatformsIsToldAndTaken()
{
    QFETCH(std::string, limit);
    QFETCH(bool, isTold);
    const std::string text = kGood;
    const auto from = text.find("[[destination.limit]]");
    const auto to = text.find("[destination.retry]");
    const Loaded loaded = parse(text.substr(0, from) + limit + text.substr(to));
    QVERIFY(loaded.config != nullptr);
    const auto told
        = std::count_if(loaded.problems.begin(), loaded.problems.end(), [](const Problem& problem) {
              return problem.isWarning && problem.message.find("1000 events per 1m") < 200;
          });
    QCOMPARE(told, isTold ? 1 : 0);
}

void TestConfigFile::theBreakerOpensWhileRecordsStillHaveAttempts_data()
{
    QTest::addColumn<std::string>("retry");
    QTest::addColumn<int>("silenceMs");
    QTest::newRow("eight attempts, 127 s") << std::string("attempts = 8\nbase = \"1s\"") << 60'000;
    QTest::newRow("five attempts, 15 s") << std::string("attempts = 5\nbase = \"1s\"") << 7'500;
    QTest::newRow("one attempt") << std::string("attempts = 1\nbase = \"1s\"") << 5'000;
    QTest::newRow("as the file says")
        << std::string("attempts = 5\nbase = \"1s\"\n[destination.breaker]\nsilence = \"40s\"")
        << 40'000;
}

void TestConfigFile::theBreakerOpensWhileRecordsStillHaveAttempts()
{
    QFETCH(std::string, retry);
    QFETCH(int, silenceMs);
    const std::string text = kGood;
    const Loaded loaded
        = parse(text.substr(0, text.find("[destination.retry]")) + "[destination.retry]\n" + retry);
    QVERIFY(loaded.config != nullptr);
    QCOMPARE(loaded.config->destination("meta-main")->breaker.silence, Millis { silenceMs });
}

void TestConfigFile::aBatchNeverExceedsTheSmallestEventsLimit()
{
    const Loaded loaded = parse(replaced(kGood, "batch = 100", "batch = 800"));
    QVERIFY(loaded.config != nullptr);
    QCOMPARE(loaded.config->destination("meta-main")->batch, 500);
    QVERIFY(!loaded.problems.empty() && loaded.problems[0].isWarning);
}

void TestConfigFile::accountsMayBringTheirOwnCredentials()
{
    std::string text
        = replaced(kGood, "account = \"1029384756\"", "account_from = \"properties.pixel\"");
    text = replaced(text, "credential.access_token = \"env:META_TOKEN\"\n", "");
    text += "[[destination.account]]\naccount = \"5550001\"\ncredential.access_token = \"env:A\"\n";
    const Loaded loaded = parse(text);
    for (const Problem& problem : loaded.problems)
        qWarning("%s", toString(problem).c_str());
    QVERIFY(loaded.config != nullptr);
    const DestinationConfig* meta = loaded.config->destination("meta-main");
    QCOMPARE(meta->accounts.size(), std::size_t { 1 });
    QCOMPARE(meta->accounts[0].credentials.at("access_token").name, std::string("A"));
}

void TestConfigFile::aFileThatIsNotThereIsAProblemNotACrash()
{
    const Loaded loaded = loadConfig("/does/not/exist.toml", specs());
    QVERIFY(loaded.config == nullptr);
    QVERIFY(toString(loaded.problems.at(0)).find("cannot be read") != std::string::npos);
}

namespace {

// One destination of a platform with `settings`, or its problems.
Loaded parsePlatform(const std::string& platform, const std::string& settings)
{
    return parse("[control]\nkey = \"env:K\"\n[[workspace]]\nname = \"w\"\n"
                 "write_key = \"env:K\"\n[[destination]]\nname = \"d\"\nplatform = \""
        + platform + "\"\n" + settings);
}
const char* const kToken = "credential.access_token = \"env:T\"\n";
const std::string kGoogle = std::string("account = \"1234567890\"\n") + kToken;
const std::string kMicrosoft = std::string("account = \"180012345\"\n") + kToken
    + "credential.developer_token = \"env:D\"\nevent_names.purchase = \"Buy\"\n";
const std::string kLinkedin = std::string("account = \"main\"\n") + kToken;
const std::string kSnapchat
    = std::string("account = \"0f6d5a3e-1111-4c2b-9c5d-7b1f5c1a2b3c\"\n") + kToken;
const std::string kTiktok = std::string("account = \"C4PIXELCODE\"\n") + kToken;
const std::string kPinterest = std::string("account = \"549755885175\"\n") + kToken;
const std::string kMeta = std::string("account = \"1029384756\"\n") + kToken;
const std::string kCustomerIo
    = "account = \"main\"\ncredential.site_id = \"env:S\"\ncredential.api_key = \"env:A\"\n";

} // namespace

void TestConfigFile::optionsOfAPlatformAreChecked_data()
{
    QTest::addColumn<QString>("platform");
    QTest::addColumn<QString>("settings");
    QTest::addColumn<QString>("expected"); // part of the problem's text; empty: none
    const auto row = [](const char* name, const char* platform, const std::string& settings,
                         const char* expected) {
        QTest::newRow(name) << QString::fromUtf8(platform) << QString::fromStdString(settings)
                            << QString::fromUtf8(expected);
    };
    row("customer_id", "microsoft", kMicrosoft, "destination[d].customer_id: missing");
    row("customer_id in words", "microsoft", kMicrosoft + "customer_id = \"mine\"\n",
        "test.toml:13:15: destination[d].customer_id: expected the number of the manager account, "
        "found \"mine\"");
    row("a good one", "microsoft", kMicrosoft + "customer_id = 42\n", "");
    row("variables", "google", kGoogle + "custom_variables = \"nonsense\"\n",
        "destination[d].custom_variables: expected numbers and paths");
    row("job", "google", kGoogle + "job_id = 99999999999\n",
        "destination[d].job_id: expected a whole number from 0 to 2147483647");
    row("click age", "google", kGoogle + "min_click_age = \"six\"\n",
        "destination[d].min_click_age: expected a duration");
    row("match", "google", kGoogle + "match = \"clicks\"\n",
        "destination[d].match: expected all or click, found \"clicks\"");
    row("token endpoint", "google", kGoogle + "token_endpoint = \"ftp://tokens.example/\"\n",
        "destination[d].token_endpoint: expected an http:// or https:// address");
    row("conversion action", "google", kGoogle + "event_names.purchase = \"Buy\"\n",
        "test.toml:11:24: destination[d].event_names.purchase: expected a conversion action");
    row("auth", "snapchat", kSnapchat + "auth = \"baerer\"\n",
        "destination[d].auth: expected query or bearer, found \"baerer\"");
    row("closed list", "snapchat", kSnapchat + "event_names.quiz = \"quiz_done\"\n",
        "destination[d].event_names.quiz: expected a name of Snapchat's");
    row("closed list of Pinterest", "pinterest",
        kPinterest + "event_names.\"Quiz. Done\" = \"quiz_done\"\n",
        "test.toml:11:28: destination[d].event_names.Quiz. Done: expected a name of Pinterest's");
    row("event source", "tiktok", kTiktok + "event_source = \"bogus\"\n",
        "destination[d].event_source: expected web, app, offline or crm");
    row("closed list of Criteo", "criteo", "account = \"12345\"\nevent_names.quiz = \"fooBar\"\n",
        "destination[d].event_names.quiz: expected an event of Criteo's");
    row("rule", "linkedin", kLinkedin + "event_names.purchase = \"abc\"\n",
        "destination[d].event_names.purchase: expected a conversion rule");
    row("version", "linkedin",
        kLinkedin
            + "version = \"latest\"\nevent_names.purchase = \"urn:lla:llaPartnerConversion:1\"\n",
        "destination[d].version: expected a year and a month");
    row("event of X", "x",
        "account = \"o8z6j\"\nevent_names.purchase = \"Buy now\"\ncredential.consumer_key = "
        "\"env:A\"\ncredential.consumer_secret = \"env:B\"\ncredential.access_token = "
        "\"env:C\"\ncredential.access_token_secret = \"env:D\"\n",
        "destination[d].event_names.purchase: expected an event of Events Manager");
    row("action source", "meta", kMeta + "action_source = \"web\"\n",
        "destination[d].action_source: expected website, app,");
    row("test traffic without a code", "meta", kMeta + "test_traffic = true\n",
        "destination[d].test_event_code: missing");
    row("size", "customerio", kCustomerIo + "id_bytes = 0\n",
        "destination[d].id_bytes: expected a whole number from 1");
    row("region", "customerio", kCustomerIo + "region = \"eu-west\"\n",
        "destination[d].region: expected us or eu");
    row("broadcast", "customerio-app",
        "account = \"main\"\napi = \"broadcasts\"\ncredential.app_key = "
        "\"env:A\"\nevent_names.sale = \"Sale\"\n",
        "destination[d].event_names.sale: expected the number of a broadcast");
    row("nothing", "meta", kMeta + "event_names.quiz = \"\"\n",
        "destination[d].event_names.quiz: is empty");
    row("header without its value", "webhook",
        "endpoint = \"https://hook.example\"\nheader = \"X-Key\"\n",
        "destination[d].credential.header: missing");
    row("header", "webhook",
        "endpoint = \"https://hook.example\"\nheader = \"X Key\"\ncredential.header = \"env:H\"\n",
        "destination[d].header: expected the name of a header");
}

void TestConfigFile::optionsOfAPlatformAreChecked()
{
    QFETCH(QString, platform);
    QFETCH(QString, settings);
    QFETCH(QString, expected);
    const Loaded loaded = parsePlatform(platform.toStdString(), settings.toStdString());
    QString all;
    for (const Problem& problem : loaded.problems)
        all += QString::fromStdString(toString(problem)) + u'\n';
    QCOMPARE(loaded.config != nullptr, expected.isEmpty());
    QVERIFY2(all.contains(expected), qPrintable(all));
}

void TestConfigFile::namesThatLeadNowhereAreListed()
{
    const auto notRouted = [](const char* platform, const std::string& settings) {
        const Loaded loaded = parsePlatform(platform, settings);
        if (loaded.config == nullptr)
            return toString(loaded.problems.front());
        const std::string told = describe(*loaded.config);
        const auto from = told.find("not routed ");
        return from == told.npos ? std::string("all")
                                 : told.substr(from + 11, told.find('\n', from) - from - 11);
    };
    QCOMPARE(notRouted("meta", kMeta), std::string("all"));
    QCOMPARE(notRouted("google",
                 kGoogle
                     + "events = [\"Order Completed\", \"quiz\", \"lead\"]\n"
                       "event_names = { purchase = \"1\", quiz = \"2\" }\n"),
        std::string("lead"));
    const std::string all = notRouted("google", kGoogle + "event_names.purchase = \"1\"\n");
    QVERIFY2(all.starts_with("page_view, view_content, "), all.c_str());
    QVERIFY2(all.find("purchase") == all.npos, all.c_str());
    QVERIFY2(all.ends_with("app_install, names of your own without event_names"), all.c_str());
    QCOMPARE(notRouted("snapchat", kSnapchat),
        std::string("view_cart, names of your own without event_names"));
    QCOMPARE(notRouted("customerio-app",
                 "account = \"main\"\ncredential.app_key = \"env:A\"\nevent_names.hi = \"1\"\n"),
        std::string("names of your own without event_names"));
    // A destination to which no name leads at all is most likely a mistake.
    const Loaded nothing = parsePlatform("google", kGoogle);
    QVERIFY(nothing.config != nullptr);
    QCOMPARE(nothing.problems.size(), std::size_t { 1 });
    QVERIFY(nothing.problems.front().isWarning);
    QCOMPARE(nothing.problems.front().key, std::string("destination[d].event_names"));
}

void TestConfigFile::whatIsTakenAllTheSameIsTold()
{
    const Loaded open = parsePlatform("google",
        kGoogle + "event_names.lead = \"1\"\ntoken_endpoint = \"http://tokens.example/t\"\n");
    QVERIFY(open.config != nullptr);
    QCOMPARE(open.problems.size(), std::size_t { 1 });
    QVERIFY(open.problems.front().message.starts_with("is clear text"));
    const Loaded quiet = parsePlatform("meta", kMeta + "test_event_code = \"TEST1\"\n");
    QVERIFY(quiet.config != nullptr && quiet.problems.empty());
    const Loaded loud
        = parsePlatform("meta", kMeta + "test_event_code = \"TEST1\"\ntest_traffic = true\n");
    QVERIFY(loud.config != nullptr);
    QCOMPARE(loud.problems.size(), std::size_t { 1 });
    QVERIFY(loud.problems.front().isWarning);
    QVERIFY(loud.problems.front().message.find("not counted") != std::string::npos);
}

SPILLWAY_TEST(TestConfigFile)

} // namespace tst_config_file

#include "tst_config_file.moc"
