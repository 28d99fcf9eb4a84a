// The report of a job as a file: JSON for machines, HTML for people. Pure.
#pragma once

#include <engine/pages.h>
#include <engine/snapshot.h>

#include <QByteArray>

#include <optional>
#include <vector>

namespace ui {

// Everything that a report tells. Messages are masked when it is made.
struct ReportContent {
    engine::ReplayJobSnapshot job {};
    std::optional<engine::ReplayPreview> preview {};
    std::vector<engine::DeadLetterRow> failed {}; // some of what failed again
    std::vector<engine::AuditRow> audit {}; // what people did with it, newest first
    QString profile {};
    engine::WallTime writtenAt {};
};

[[nodiscard]] QByteArray reportJson(const ReportContent& content);
[[nodiscard]] QByteArray reportHtml(const ReportContent& content);

} // namespace ui
