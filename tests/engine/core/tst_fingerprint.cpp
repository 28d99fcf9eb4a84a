#include "core/fingerprint.h"
#include "support/test_program.h"

namespace tst_fingerprint {

using namespace engine;

class TestFingerprint final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void messagesThatDifferInIdsOnlyGroupTogether();
    void noPersonalDataReachesTheName();
    void itIsCutBetweenCharacters();
};

void TestFingerprint::messagesThatDifferInIdsOnlyGroupTogether()
{
    const auto a
        = makeFingerprint("meta-main", 400, "100/2804003", "event 17 of order ord-5512 is too old");
    const auto b
        = makeFingerprint("meta-main", 400, "100/2804003", "event 3 of order ord-99 is too old");
    QCOMPARE(a, b);
    QCOMPARE(a, std::string("meta-main·400·100/2804003 event # of order # is too old"));
    QVERIFY(a
        != makeFingerprint(
            "meta-main", 400, "100/2804003", "event 3 of order ord-99 has no price"));
}

void TestFingerprint::noPersonalDataReachesTheName()
{
    QCOMPARE(normalizeMessage(
                 "bad e-mail jane.doe+x@example.com at https://shop.example/o?id=1 for 'Jane Doe'"),
        std::string("bad e-mail <email> at <url> for '…'"));
}

void TestFingerprint::itIsCutBetweenCharacters()
{
    std::string message;
    for (int i = 0; i < 300; ++i)
        message += "é";
    const auto text = makeFingerprint("d", 0, {}, message);
    QVERIFY(text.size() <= 240);
    QCOMPARE(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()))
                 .count(QChar::ReplacementCharacter),
        0);
}

SPILLWAY_TEST(TestFingerprint)

} // namespace tst_fingerprint

#include "tst_fingerprint.moc"
