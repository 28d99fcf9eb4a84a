#include "support/test_program.h"
#include "theme/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QImage>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QSpinBox>

#include <algorithm>
#include <array>

namespace tst_theme {

using namespace ui;

// The ratios of console-design §4, recomputed from the colours themselves.
class TestTheme final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void textIsReadableOnEveryGround_data();
    void textIsReadableOnEveryGround();
    void everyShapeIsSeenByItsOutline_data() { bothThemes(); }
    void everyShapeIsSeenByItsOutline();
    void labelsAreReadableOnTheirFill_data() { bothThemes(); }
    void labelsAreReadableOnTheirFill();
    void chartLinesStandOutFromTheirGround_data() { bothThemes(); }
    void chartLinesStandOutFromTheirGround();
    void shapesDifferWithoutColour();
    void everyPaletteRoleIsSet_data() { bothThemes(); }
    void everyPaletteRoleIsSet();
    void everyFieldHasAnEdgeThatIsSeen_data() { bothThemes(); }
    void everyFieldHasAnEdgeThatIsSeen();

private:
    static void bothThemes();
};

void TestTheme::init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

void TestTheme::bothThemes()
{
    QTest::addColumn<bool>("isDark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void TestTheme::textIsReadableOnEveryGround_data()
{
    QTest::addColumn<bool>("isDark");
    QTest::addColumn<int>("text");
    QTest::addColumn<int>("ground");
    QTest::addColumn<double>("ratio");
    const auto row = [](const char* name, Token text, Token ground, double light, double dark) {
        for (const bool isDark : { false, true })
            QTest::addRow("%s, %s", name, isDark ? "dark" : "light")
                << isDark << static_cast<int>(text) << static_cast<int>(ground)
                << (isDark ? dark : light);
    };
    row("text on surface", Token::Text, Token::Surface, 15.6, 12.9);
    row("text on window", Token::Text, Token::Window, 13.6, 14.2);
    row("secondary on surface", Token::TextSecondary, Token::Surface, 7.6, 7.4);
    row("disabled on surface", Token::TextDisabled, Token::Surface, 4.6, 5.2);
    row("border on surface", Token::ControlBorder, Token::Surface, 3.5, 3.8);
    row("accent on surface", Token::Accent, Token::Surface, 6.2, 7.5);
    row("text on selection", Token::Text, Token::SelectionBackground, 12.4, 7.9);
}

void TestTheme::textIsReadableOnEveryGround()
{
    QFETCH(bool, isDark);
    QFETCH(int, text);
    QFETCH(int, ground);
    QFETCH(double, ratio);
    const auto& tokens = isDark ? darkTokens() : lightTokens();
    const double actual
        = contrastRatio(tokens.at(static_cast<Token>(text)), tokens.at(static_cast<Token>(ground)));
    QVERIFY2(actual >= ratio - 0.1, qPrintable(QString::number(actual)));
}

void TestTheme::everyShapeIsSeenByItsOutline()
{
    QFETCH(bool, isDark);
    const auto& tokens = isDark ? darkTokens() : lightTokens();
    for (int i = 0; i < kStatuses; ++i) {
        const double ratio
            = contrastRatio(tokens.at(static_cast<Status>(i)).outline, tokens.at(Token::Surface));
        QVERIFY2(ratio >= 4.5, qPrintable(QStringLiteral("%1: %2").arg(i).arg(ratio)));
    }
}

void TestTheme::labelsAreReadableOnTheirFill()
{
    QFETCH(bool, isDark);
    const auto& tokens = isDark ? darkTokens() : lightTokens();
    for (int i = 0; i < kStatuses; ++i) {
        const auto& colors = tokens.at(static_cast<Status>(i));
        if (colors.fill == 0)
            continue;
        const double ratio = contrastRatio(colors.label, colors.fill);
        QVERIFY2(ratio >= 4.5, qPrintable(QStringLiteral("%1: %2").arg(i).arg(ratio)));
    }
}

void TestTheme::chartLinesStandOutFromTheirGround()
{
    QFETCH(bool, isDark);
    const auto& tokens = isDark ? darkTokens() : lightTokens();
    for (const QRgb color : tokens.compare) {
        const double ratio = contrastRatio(color, tokens.at(Token::Surface));
        QVERIFY2(ratio >= 4.4, qPrintable(QString::number(ratio)));
    }
}

// In greyscale and at its real size, no two shapes may look alike: at least 6 % of the pixels of
// one must differ clearly from the other's.
void TestTheme::shapesDifferWithoutColour()
{
    Theme theme(ThemeMode::Light);
    QList<QImage> images;
    for (int i = 0; i < kStatuses; ++i) {
        QImage image(16, 16, QImage::Format_ARGB32_Premultiplied);
        image.fill(theme.color(Token::Surface));
        QPainter painter(&image);
        theme.paintStatus(painter, QRectF(0, 0, 16, 16), static_cast<Status>(i));
        painter.end();
        images << image.convertToFormat(QImage::Format_Grayscale8);
    }
    for (int a = 0; a < kStatuses; ++a) {
        for (int b = a + 1; b < kStatuses; ++b) {
            int differing = 0;
            for (int y = 0; y < 16; ++y) {
                for (int x = 0; x < 16; ++x) {
                    const int distance
                        = qGray(images[a].pixel(x, y)) - qGray(images[b].pixel(x, y));
                    differing += std::abs(distance) > 48 ? 1 : 0;
                }
            }
            QVERIFY2(differing >= 15,
                qPrintable(QStringLiteral("%1 and %2: %3").arg(a).arg(b).arg(differing)));
        }
    }
}

void TestTheme::everyPaletteRoleIsSet()
{
    QFETCH(bool, isDark);
    Theme theme(isDark ? ThemeMode::Dark : ThemeMode::Light);
    const QPalette palette = theme.palette();
    for (int role = 0; role < QPalette::NColorRoles; ++role) {
        if (role == QPalette::NoRole)
            continue;
        for (const auto group : { QPalette::Active, QPalette::Inactive, QPalette::Disabled })
            QVERIFY2(palette.isBrushSet(group, static_cast<QPalette::ColorRole>(role)),
                qPrintable(QString::number(role)));
    }
    QVERIFY(palette.color(QPalette::Disabled, QPalette::Text)
        != palette.color(QPalette::Active, QPalette::Text));
}

// Text fields, spin boxes, lists and the boxes of choices, at their left edge.
void TestTheme::everyFieldHasAnEdgeThatIsSeen()
{
    QFETCH(bool, isDark);
    Theme theme(isDark ? ThemeMode::Dark : ThemeMode::Light);
    theme.install(*qApp);
    QWidget window;
    auto* typed = new QComboBox(&window);
    typed->setEditable(true);
    const std::array<QWidget*, 8> fields { new QLineEdit(&window), new QSpinBox(&window),
        new QDateTimeEdit(&window), new QComboBox(&window), typed, new QCheckBox(&window),
        new QRadioButton(&window), new QPlainTextEdit(&window) };
    window.resize(400, 300);
    window.show();
    for (auto* field : fields) {
        field->resize(120, 26);
        field->clearFocus();
        const QImage image = field->grab().toImage();
        double best = 1;
        for (int x = 0; x < 16; ++x)
            best = std::max(best,
                contrastRatio(
                    image.pixel(x, image.height() / 2), theme.tokens().at(Token::Window)));
        QVERIFY2(best >= 3,
            qPrintable(QStringLiteral("%1: %2")
                           .arg(QLatin1String(field->metaObject()->className()))
                           .arg(best)));
    }
}

SPILLWAY_TEST(TestTheme)

} // namespace tst_theme

#include "tst_theme.moc"
