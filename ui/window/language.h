// The language of the window: texts of the program and of Qt, by the desktop's locale. English is
// in the sources; its file holds plural forms only. GUI thread, once, before the first widget.
#pragma once

#include <QLocale>

class QCoreApplication;

namespace ui {

// Languages without a file of ours stay English. Qt's own buttons follow where the system has its
// translations.
void installLanguage(QCoreApplication& application, const QLocale& locale);

} // namespace ui
