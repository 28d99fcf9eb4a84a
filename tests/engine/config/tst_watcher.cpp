#include "config/watcher.h"
#include "support/test_program.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

namespace tst_watcher {

using engine::config::FileWatcher;

class TestWatcher final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aFileWrittenInPlaceIsNoticed();
    void aFileRenamedOverIsNoticedOnce();
    void aFileThatStaysAwayIsNoticedAndSoIsItsReturn();

private:
    static void write(const QString& path, const QByteArray& text)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(text);
    }
};

void TestWatcher::aFileWrittenInPlaceIsNoticed()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.toml"));
    write(path, "one");
    FileWatcher watcher(path.toStdString());
    QSignalSpy changed(&watcher, &FileWatcher::changed);
    write(path, "three");
    QTRY_COMPARE_WITH_TIMEOUT(changed.count(), 1, 10'000);
}

void TestWatcher::aFileRenamedOverIsNoticedOnce()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.toml"));
    write(path, "one");
    FileWatcher watcher(path.toStdString());
    QSignalSpy changed(&watcher, &FileWatcher::changed);
    write(folder.filePath(QStringLiteral("b.toml")), "two");
    QVERIFY(QFile::remove(path));
    QVERIFY(QFile::rename(folder.filePath(QStringLiteral("b.toml")), path));
    QTRY_COMPARE_WITH_TIMEOUT(changed.count(), 1, 10'000);
}

void TestWatcher::aFileThatStaysAwayIsNoticedAndSoIsItsReturn()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.toml"));
    const QString aside = folder.filePath(QStringLiteral("b.toml"));
    write(path, "one");
    FileWatcher watcher(path.toStdString());
    QSignalSpy changed(&watcher, &FileWatcher::changed);
    QVERIFY(QFile::rename(path, aside));
    QTRY_COMPARE_WITH_TIMEOUT(changed.count(), 1, 10'000);
    QVERIFY(QFile::rename(aside, path));
    QTRY_COMPARE_WITH_TIMEOUT(changed.count(), 2, 10'000);
}

SPILLWAY_TEST(TestWatcher)

} // namespace tst_watcher

#include "tst_watcher.moc"
