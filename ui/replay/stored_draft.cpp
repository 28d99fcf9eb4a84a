#include "replay/stored_draft.h"

#include "dlq/dlq_filter.h"

#include <QSettings>
#include <QStringList>

#include <algorithm>

namespace ui {
namespace {

const QString kGroup = QStringLiteral("replay/draft");
constexpr qsizetype kIdsMax = 10'000; // as many as can be chosen by hand

} // namespace

void forgetDraft(QSettings& settings) { settings.remove(kGroup); }

void saveDraft(const ReplayDraft& draft, QSettings& settings)
{
    forgetDraft(settings);
    settings.beginGroup(kGroup);
    engine::DeadLetterFilter written = draft.filter; // ids have no form in a filter line
    QStringList ids;
    for (const auto id : written.ids)
        ids += QString::number(engine::toInt(id));
    written.ids.clear();
    settings.setValue(QStringLiteral("ids"), ids);
    settings.setValue(QStringLiteral("filter"), toFilterLine(written));
    settings.setValue(QStringLiteral("includeDelivered"), draft.includeDelivered);
    settings.setValue(QStringLiteral("sharePercent"), draft.sharePercent);
    settings.setValue(QStringLiteral("ratePerSecond"), draft.rate.value_or(0));
    settings.setValue(QStringLiteral("isRamped"), draft.isRamped);
    settings.setValue(QStringLiteral("includeUnknown"), draft.includeUnknown);
    settings.setValue(QStringLiteral("includeSameError"), draft.includeSameError);
    settings.setValue(QStringLiteral("errorStop"), draft.guards.errorStop);
    settings.setValue(QStringLiteral("throttleHold"), draft.guards.throttleHold);
    settings.setValue(
        QStringLiteral("lagHoldSeconds"), static_cast<qlonglong>(draft.guards.liveLagHold.count()));
    if (draft.preview)
        settings.setValue(QStringLiteral("selection"),
            QVariant::fromValue<qlonglong>(engine::toInt(draft.preview->selection)));
    settings.endGroup();
}

std::optional<StoredDraft> loadDraft(QSettings& settings, engine::WallTime now)
{
    settings.beginGroup(kGroup);
    const bool isKept = settings.contains(QStringLiteral("filter"));
    const auto number = [&settings](const char* key, double otherwise, double low, double high) {
        return std::clamp(settings.value(QLatin1String(key), otherwise).toDouble(), low, high);
    };
    const auto flag = [&settings](const char* key, bool otherwise) {
        return settings.value(QLatin1String(key), otherwise).toBool();
    };
    StoredDraft stored;
    ReplayDraft& draft = stored.draft;
    const auto parsed = parseDlqFilter(settings.value(QStringLiteral("filter")).toString(), now);
    draft.filter = parsed.filter;
    for (const QString& id : settings.value(QStringLiteral("ids")).toStringList().mid(0, kIdsMax))
        draft.filter.ids.push_back(engine::DeadLetterId { id.toLongLong() });
    draft.includeDelivered = flag("includeDelivered", false);
    draft.sharePercent = number("sharePercent", draft.sharePercent, 1, 100);
    if (const double rate = number("ratePerSecond", 0, 0, 100'000); rate > 0)
        draft.rate = rate;
    draft.isRamped = flag("isRamped", true);
    draft.includeUnknown = flag("includeUnknown", false);
    draft.includeSameError = flag("includeSameError", false);
    draft.guards.errorStop = number("errorStop", draft.guards.errorStop, 0.001, 1);
    draft.guards.throttleHold = number("throttleHold", draft.guards.throttleHold, 0.001, 1);
    draft.guards.liveLagHold
        = engine::Seconds { static_cast<std::int64_t>(number("lagHoldSeconds", 30, 1, 3'600)) };
    if (const qlonglong selection = settings.value(QStringLiteral("selection")).toLongLong();
        selection > 0)
        stored.selection = engine::SelectionId { selection };
    settings.endGroup();
    return isKept && parsed.isValid() ? std::optional(stored) : std::nullopt;
}

} // namespace ui
