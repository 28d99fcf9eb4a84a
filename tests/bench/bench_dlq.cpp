// How fast the dead-letter page is over a real store: opening it, dragging its scroll bar, giving a
// search up, and going on while an entry with a payload of 30 MB is read. Fills a store, opens the
// engine on it and the page without a screen.
//   bench_dlq [--letters N] [--dir DIRECTORY]
// Prints a line for each figure, with what the product promises.
#include "dlq/dead_letter_model.h"
#include "dlq/dlq_page.h"
#include "store/connection.h"
#include "store/schema.h"
#include "support/process_figures.h"
#include "theme/theme.h"
#include "window/ui_clock.h"

#include <engine/engine.h>

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <vector>

namespace {

constexpr int kFrames = 300;
constexpr int kSearches = 10;

void check(const engine::Status& status)
{
    if (!status)
        qFatal("%s", status.error().message.c_str());
}

// Rows as the store writes them, by SQL alone: a million through the whole engine would take longer
// than everything that is measured.
void fill(const std::string& path, qint64 letters)
{
    using namespace engine::store;
    auto opened = Connection::open({ .path = path, .isReadOnly = false, .cacheKiB = 262'144 });
    if (!opened)
        qFatal("%s", opened.error().message.c_str());
    Connection& connection = **opened;
    check(migrate(connection, migrations()));
    const std::string series
        = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
        + std::to_string(letters) + ") ";
    for (const std::string& sql :
        { std::string("BEGIN"), std::string("INSERT INTO workspace(id, name) VALUES (1, 'shop')"),
            "INSERT INTO shard(id, destination, account, dead_letters, dlq_added) VALUES "
            "(1, 'hook', '1', "
                + std::to_string(letters) + ", " + std::to_string(letters) + ")",
            std::string("INSERT INTO fingerprint(id, text) VALUES (1, 'hook · 400 · bad')"),
            "INSERT INTO fingerprint_shard VALUES (1, 1, " + std::to_string(letters) + ", 0, 0)",
            series
                + "INSERT INTO event(seq, workspace, event_id, name, type, event_time_us, flags, "
                  "received_at_us, content_hash, payload) SELECT i, 1, 'ord-' || i, 'Purchase', "
                  "0, i * 1000, 0, i * 1000, i, CAST('{\"event_id\":\"ord-' || i || "
                  "'\",\"price\":\"12,90\",\"note\":\"' || hex(zeroblob(120)) || '\"}' AS BLOB) "
                  "FROM n",
            series
                + "INSERT INTO dead_letter(shard, seq, event_id, name, outcome, http_status, "
                  "code, message, encoder, attempts, first_seen_us, last_failed_us, "
                  "event_time_us, payload_bytes, fingerprint, state) SELECT 1, i, 'ord-' || i, "
                  "'Purchase', 4, 400, 'E1003', 'price is no number', 'hook/1', 1, i * 1000, "
                  "i * 1000, i * 1000, 300, 1, 0 FROM n",
            std::string("UPDATE event SET payload = CAST('{\"event_id\":\"ord-1\",\"note\":\"' || "
                        "hex(zeroblob(15000000)) || '\"}' AS BLOB) WHERE seq = 1"),
            std::string("UPDATE dead_letter SET payload_bytes = 30000036 WHERE seq = 1"),
            std::string("UPDATE counter SET value = (SELECT count(*) FROM event) WHERE name IN "
                        "('events', 'last_seq')"),
            std::string("COMMIT") })
        check(connection.exec(sql));
}

void writeConfig(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        qFatal("no configuration can be written");
    file.write("[ingress]\nlisten = \"127.0.0.1:0\"\n[control]\nlisten = \"127.0.0.1:0\"\n"
               "key = \"env:BENCH_KEY\"\n[[workspace]]\nname = \"shop\"\nwrite_key = "
               "\"env:BENCH_KEY\"\ntier = \"scale\"\n[[destination]]\nname = \"hook\"\n"
               "platform = \"webhook\"\nendpoint = \"http://127.0.0.1:9/\"\naccount = \"1\"\n");
}

template <class Holds>
void waitUntil(Holds holds)
{
    while (!holds())
        QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
}

double percentile(std::vector<double> samples, double share)
{
    std::sort(samples.begin(), samples.end());
    return samples[static_cast<std::size_t>(share * static_cast<double>(samples.size() - 1))];
}

void tell(const char* name, double value, const char* unit, double target)
{
    std::printf("%-28s %9.1f %s   (promised: at most %.0f %s)\n", name, value, unit, target, unit);
    std::fflush(stdout);
}

double elapsedMs(const QElapsedTimer& timer)
{
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

// One frame: the bar moves, what follows from it happens, and the page is painted.
void measureScrolling(ui::DlqPage& page, QTableView& rows)
{
    std::vector<double> frames;
    auto* bar = rows.verticalScrollBar();
    for (int i = 0; i < kFrames; ++i) {
        QElapsedTimer frame;
        frame.start();
        bar->setValue(static_cast<int>(static_cast<qint64>(bar->maximum()) * i / kFrames));
        QCoreApplication::processEvents();
        page.grab();
        frames.push_back(elapsedMs(frame));
    }
    tell("scroll, median frame", percentile(frames, 0.5), "ms", 16);
    tell("scroll, 95 % of frames", percentile(frames, 0.95), "ms", 16);
}

// The longest time for which the window answered nobody while 30 MB were read, masked, laid out and
// shown, and the rows were walked through meanwhile.
void measureLargePayload(QTableView& rows, const QPlainTextEdit& payload)
{
    rows.verticalScrollBar()->setValue(0);
    rows.selectRow(0);
    double longest = 0;
    QElapsedTimer whole;
    whole.start();
    while (payload.toPlainText().size() < 1'000 && elapsedMs(whole) < 60'000) {
        QElapsedTimer turn;
        turn.start();
        QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
        longest = std::max(longest, elapsedMs(turn));
    }
    tell("30 MB payload, until shown", elapsedMs(whole), "ms", 5'000);
    tell("30 MB payload, longest stall", longest, "ms", 50);
}

// A search that finds nothing in a million payloads is replaced by one that has rows at once.
void measureCancelling(ui::DlqPage& page)
{
    auto* line = page.findChild<QLineEdit*>(QStringLiteral("dlq_filter"));
    std::vector<double> waits;
    for (int i = 0; i < kSearches; ++i) {
        line->setText(QStringLiteral("text:nowhere%1").arg(i));
        Q_EMIT line->returnPressed();
        QElapsedTimer searching;
        searching.start();
        waitUntil([&] { return elapsedMs(searching) > 200; });
        QElapsedTimer timer;
        timer.start();
        line->setText(QStringLiteral("http:400"));
        Q_EMIT line->returnPressed();
        waitUntil([&] { return !page.model().isLoading() && page.model().rowAt(0) != nullptr; });
        waits.push_back(elapsedMs(timer));
    }
    tell("search given up, median", percentile(waits, 0.5), "ms", 200);
    tell("search given up, longest", percentile(waits, 1), "ms", 200);
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("BENCH_KEY", "key");
    const QApplication application(argc, argv);
    QCommandLineParser parser;
    const QCommandLineOption letters(
        QStringLiteral("letters"), {}, QStringLiteral("count"), QStringLiteral("1000000"));
    const QCommandLineOption directory(QStringLiteral("dir"), {}, QStringLiteral("directory"));
    parser.addOptions({ letters, directory });
    parser.process(application);
    const QString base = parser.isSet(directory) ? parser.value(directory) : QStringLiteral(".");
    const QTemporaryDir folder(base + QStringLiteral("/bench-dlq-XXXXXX"));
    const QString data = folder.filePath(QStringLiteral("data"));
    if (!QDir().mkdir(data))
        qFatal("no directory can be made in %s", qPrintable(base));
    QFile::setPermissions(data, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    fill((data + QStringLiteral("/spillway.db")).toStdString(), parser.value(letters).toLongLong());
    writeConfig(folder.filePath(QStringLiteral("spillway.toml")));

    engine::testing::forgetPeakMemory(); // of filling
    engine::EngineOptions options;
    options.configPath = folder.filePath(QStringLiteral("spillway.toml")).toStdString();
    options.dataDirectory = data.toStdString();
    engine::Engine engine(options);
    check(engine.start());
    ui::Theme theme(ui::ThemeMode::Light);
    const ui::SystemUiClock clock;
    ui::DlqPage page({ engine, theme, clock, false });
    page.resize(1'440, 830);
    QElapsedTimer opening;
    opening.start();
    page.show();
    waitUntil([&] { return page.model().rowAt(0) != nullptr; });
    page.grab();
    tell("open", elapsedMs(opening), "ms", 1'000);
    page.findChild<QPushButton*>(QStringLiteral("dlq_modeRows"))->click();
    measureScrolling(page, *page.findChild<QTableView*>(QStringLiteral("dlq_rows")));
    tell("memory, all of it open", engine::testing::peakMemoryMiB(), "MiB", 350);
    measureLargePayload(*page.findChild<QTableView*>(QStringLiteral("dlq_rows")),
        *page.findChild<QPlainTextEdit*>(QStringLiteral("dlq_payload")));
    measureCancelling(page);
    std::printf("%-28s %9.1f MiB\n", "memory, with 30 MB shown", engine::testing::peakMemoryMiB());
    engine.stop();
    return 0;
}
