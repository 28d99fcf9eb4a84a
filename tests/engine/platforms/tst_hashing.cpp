#include "platforms/fields.h"
#include "platforms/hashing.h"
#include "support/test_program.h"

namespace tst_hashing {

using namespace engine;
using namespace engine::platforms;

namespace {
const char* kJane = "86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d";
}

class TestHashing final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void publishedVectorsHold_data();
    void publishedVectorsHold();
    void aHashIsNeverHashedAgain();
    void valuesAreNormalisedAsPlatformsAsk_data();
    void valuesAreNormalisedAsPlatformsAsk();
    void whatCanNotBeSuchAValueIsRefused_data();
    void whatCanNotBeSuchAValueIsRefused();
    void onlyJsonNumbersPassAsDecimals();
};

void TestHashing::publishedVectorsHold_data()
{
    QTest::addColumn<QString>("normal");
    QTest::addColumn<QString>("hash");
    const auto text = [](const std::optional<std::string>& value) {
        return QString::fromStdString(value.value_or("refused"));
    };
    QTest::newRow("email") << text(normalizeEmail(" Jane.Doe@Example.com\t")) << kJane;
    QTest::newRow("email, Google")
        << text(normalizeEmailGoogle(" Jane.Doe@Gmail.com "))
        << "d6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69";
    QTest::newRow("phone with plus")
        << text(normalizePhonePlus("+1 (555) 123-4567"))
        << "8a59780bb8cd2ba022bfa5ba2ea3b6e07af17a7d8b30c1f9b3390e36f69019e4";
    QTest::newRow("phone digits") << text(normalizePhoneDigits(
        "+1 (555) 123-4567")) << "d6736136ea896c1bfdc553e0e86e702c70d060d805696ca3e4e9e0961353860a";
    QTest::newRow("MD5 of an address")
        << text(md5Hex("jane.doe@example.com"))
        << "861a02f31e82e3e351245b890b77cd9dcf6d2a41cae117e1fb55d79a1c9a2b8f";
    QTest::newRow("phone printed by X")
        << text(normalizePhonePlus("+11234567890"))
        << "1fa6b8d986d9b9cd01bf36951815158bbde9f520c0567c835dfe34783d0a4231";
}

void TestHashing::publishedVectorsHold()
{
    QFETCH(QString, normal);
    QFETCH(QString, hash);
    QCOMPARE(QString::fromStdString(sha256Hex(normal.toStdString())), hash);
}

void TestHashing::aHashIsNeverHashedAgain()
{
    const std::string hash = kJane;
    QCOMPARE(hashedOnce(hash, normalizeEmail), std::optional(hash));
    QCOMPARE(hashedOnce("jane.doe@example.com", normalizeEmail), std::optional(hash));
    // Some senders write their hashes in capitals; platforms compare bytes.
    std::string capitals = hash;
    for (char& c : capitals)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    QCOMPARE(hashedOnce(capitals, normalizeEmail), std::optional(hash));
    // One digit less is no hash and no address either.
    QCOMPARE(hashedOnce(hash.substr(1), normalizeEmail), std::nullopt);
}

void TestHashing::valuesAreNormalisedAsPlatformsAsk_data()
{
    QTest::addColumn<QString>("normal");
    QTest::addColumn<QString>("expected");
    const auto row
        = [](const char* name, const std::optional<std::string>& normal, const char* expected) {
              QTest::newRow(name) << QString::fromStdString(normal.value_or("refused"))
                                  << QString::fromUtf8(expected);
          };
    row("dots stay outside Google", normalizeEmailGoogle("A.B@example.com"), "a.b@example.com");
    row("googlemail", normalizeEmailGoogle("a.b.c@googlemail.com"), "abc@googlemail.com");
    row("accents in lower case", normalizeName(" \xc3\x89MILE "), "\xc3\xa9mile");
    row("name without punctuation", normalizeName("O'Neil-Smith"), "oneilsmith");
    row("name keeps inner spaces", normalizeName("Mary Ann"), "mary ann");
    row("city without spaces", normalizeCity("New York"), "newyork");
    row("state", normalizeState(" CA "), "ca");
    row("state by name", normalizeState("California"), "ca");
    row("state of two words", normalizeState("new york"), "ny");
    row("district", normalizeState("Washington, D.C."), "dc");
    row("state elsewhere", normalizeState("Nordrhein-Westfalen"), "nordrheinwestfalen");
    row("zip plus four", normalizeZip("12345-6789"), "12345");
    row("zip elsewhere", normalizeZip("SW1A 1AA"), "sw1a1aa");
    row("country", normalizeCountry("DE"), "de");
    row("gender", normalizeGender("Female"), "f");
    row("birth date", normalizeBirthDate("1990-01-31"), "19900131");
    row("phone with two zeros for the plus", normalizePhoneDigits("0049 30 1234567"),
        "49301234567");
    row("phone with the zero of its country", normalizePhoneDigits("+49 (0)151 23456789"),
        "4915123456789");
    row("the same without the plus", normalizePhonePlus("49(0)151/23456789"), "+4915123456789");
    row("phone with parentheses", normalizePhonePlus("+1 (050) 123-4567"), "+10501234567");
    row("external id keeps case", normalizeExternalId(" AbC "), "AbC");
}

void TestHashing::valuesAreNormalisedAsPlatformsAsk()
{
    QFETCH(QString, normal);
    QFETCH(QString, expected);
    QCOMPARE(normal, expected);
}

void TestHashing::whatCanNotBeSuchAValueIsRefused_data()
{
    QTest::addColumn<bool>("isRefused");
    QTest::newRow("no at sign") << !normalizeEmail("jane.doe").has_value();
    QTest::newRow("nothing before the at sign") << !normalizeEmail("@example.com").has_value();
    QTest::newRow("a space inside") << !normalizeEmail("a b@example.com").has_value();
    QTest::newRow("short phone") << !normalizePhoneDigits("12345").has_value();
    QTest::newRow("long phone") << !normalizePhoneDigits("1234567890123456").has_value();
    QTest::newRow("words for a phone") << !normalizePhoneDigits("call 5551234567").has_value();
    QTest::newRow("phone without its country")
        << !normalizePhoneDigits("0151 23456789").has_value();
    QTest::newRow("zero in parentheses without a country")
        << !normalizePhonePlus("(0)151 23456789").has_value();
    QTest::newRow("plus before the zero") << !normalizePhonePlus("+0151 23456789").has_value();
    QTest::newRow("three zeros") << !normalizePhonePlus("000151 23456789").has_value();
    QTest::newRow("only zeros") << !normalizePhoneDigits("0000000000").has_value();
    QTest::newRow("country by name") << !normalizeCountry("Germany").has_value();
    QTest::newRow("day first") << !normalizeBirthDate("31.01.1990").has_value();
    QTest::newRow("gender") << !normalizeGender("x").has_value();
    QTest::newRow("only punctuation") << !normalizeName(" ... ").has_value();
}

void TestHashing::whatCanNotBeSuchAValueIsRefused()
{
    QFETCH(bool, isRefused);
    QVERIFY(isRefused);
}

void TestHashing::onlyJsonNumbersPassAsDecimals()
{
    for (const char* good : { "0", "-0", "99.90", "0.001", "1e3", "1E-7", "12345678901234567890" })
        QVERIFY2(isJsonNumber(good), good);
    for (const char* bad : { "", "-", "+1", "01", "1.", ".5", "1e", "1e+", "99,90", "NaN", "0x1",
             "1 ", " 1", "1.2.3" })
        QVERIFY2(!isJsonNumber(bad), bad);
}

SPILLWAY_TEST(TestHashing)

} // namespace tst_hashing

#include "tst_hashing.moc"
