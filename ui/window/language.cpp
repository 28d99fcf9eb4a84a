#include "window/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QTranslator>

namespace ui {

namespace {

bool install(QCoreApplication& application, const QLocale& locale, const QString& name,
    const QString& folder)
{
    auto* translator = new QTranslator(&application);
    if (!translator->load(locale, name, QStringLiteral("_"), folder)) {
        delete translator;
        return false;
    }
    return QCoreApplication::installTranslator(translator);
}

} // namespace

void installLanguage(QCoreApplication& application, const QLocale& locale)
{
    const QString ours = QStringLiteral(":/spillway/translations");
    if (!install(application, locale, QStringLiteral("spillway"), ours))
        install(application, QLocale(QLocale::English), QStringLiteral("spillway"), ours);
    else
        install(application, locale, QStringLiteral("qtbase"),
            QLibraryInfo::path(QLibraryInfo::TranslationsPath));
}

} // namespace ui
