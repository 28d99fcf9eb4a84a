// The window with all its real pages and its real inspector, over a fake engine. For tests.
#pragma once

#include "audit/audit_page.h"
#include "dlq/dlq_page.h"
#include "events/events_page.h"
#include "inspector/inspector.h"
#include "replay/replay_page.h"
#include "ui/test_console.h"

#include <QTest>

namespace ui::testing {

struct FullConsole : Console {
    explicit FullConsole(
        engine::testing::FakeEngineOptions options = {}, QSettings* settings = nullptr)
        : Console(std::move(options), settings)
    {
        const ConsoleContext context { engine, theme, clock, false };
        window.addPage(PageId::Dlq, new DlqPage(context), QStringLiteral("dlq"));
        window.addPage(PageId::Replay, new ReplayPage(context), QStringLiteral("replay"));
        window.addPage(PageId::Events, new EventsPage(context), QStringLiteral("search"));
        window.addPage(PageId::Audit, new AuditPage(context), QStringLiteral("audit"));
        window.setInspector(new Inspector(context));
        delete inspector; // the dock has the real one now
        inspector = nullptr;
        QTest::qWait(50); // the pages' first questions are answered through the event loop
    }
};

} // namespace ui::testing
