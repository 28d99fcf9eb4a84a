#include "widgets/file_writer.h"

#include "connect/background.h"

#include <QSaveFile>

#include <utility>

namespace ui {

void writeFile(const QString& path, QByteArray text, QObject* context,
    std::function<void(const QString& problem)> done)
{
    runInBackground<QString>(
        [path, text = std::move(text)] {
            QSaveFile file(path); // discards what was written unless it is committed
            const bool isGood = file.open(QIODevice::WriteOnly) && file.write(text) == text.size()
                && file.commit();
            return isGood ? QString() : file.errorString();
        },
        std::move(done), context);
}

} // namespace ui
