// Nothing in a message ends its line, looks like another or steers the terminal.
#include "log_lines.h"
#include "support/test_program.h"

namespace tst_log_lines {

class TestLogLines final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void controlCharactersAreEscaped_data();
    void controlCharactersAreEscaped();
};

void TestLogLines::controlCharactersAreEscaped_data()
{
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("line");
    const auto row = [](const char* name, const QString& message, const char* line) {
        QTest::newRow(name) << message << QString::fromUtf8(line);
    };
    row("plain", QStringLiteral("meta-main: 3 % of “Müller” "), "meta-main: 3 % of “Müller” ");
    row("lines", QStringLiteral("a\nb\r\nc"), R"(a\nb\r\nc)");
    row("a tab", QStringLiteral("a\tb"), R"(a\tb)");
    row("colours", QStringLiteral("\x1b[31mred"), R"(\x1b[31mred)");
    row("nothing", QString(QChar(0)) + QChar(0x7f), R"(\x00\x7f)");
    row("a next line of ISO 8859", QString(QChar(0x85)), R"(\x85)");
    row("separators", QString(QChar(0x2028)) + QChar(0x2029), R"(\u2028\u2029)");
}

void TestLogLines::controlCharactersAreEscaped()
{
    QFETCH(QString, message);
    QFETCH(QString, line);
    QCOMPARE(app::inOneLine(message), line);
}

SPILLWAY_TEST(TestLogLines)

} // namespace tst_log_lines

#include "tst_log_lines.moc"
