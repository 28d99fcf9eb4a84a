#include "config/config_file.h"
#include "config/contract_file.h"
#include "platforms/adapter.h"

#include <engine/connect.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QTemporaryFile>

#include <algorithm>
#include <memory>

namespace engine {
namespace {

constexpr qint64 kFileBytesMax = 4 * 1024 * 1024;
constexpr auto kOwnerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

// A basic string of TOML: what is not plain is written as its number.
std::string quoted(const std::string& text)
{
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7f) {
            constexpr const char* kDigits = "0123456789ABCDEF";
            out += "\\u00";
            out += kDigits[byte >> 4U];
            out += kDigits[byte & 0xfU];
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string line(const char* key, const std::string& value)
{
    return std::string(key) + " = " + quoted(value) + '\n';
}

std::string destinationText(const ConnectDraft& draft)
{
    std::string text
        = "[[destination]]\n" + line("name", draft.name) + line("platform", draft.platform);
    if (!draft.account.empty())
        text += line("account", draft.account);
    if (!draft.endpoint.empty())
        text += line("endpoint", draft.endpoint);
    if (!draft.api.empty())
        text += line("api", draft.api);
    for (const auto& [name, reference] : draft.credentials)
        text += "credential." + line(name.c_str(), reference);
    for (const auto& [ours, theirs] : draft.eventNames)
        text += "event_names." + line(quoted(ours).c_str(), theirs);
    text += "start = \"paused\" # until you resume it for the first time\n";
    // Last, because a table among it ends what may stand before.
    return draft.more.empty() ? text : text + draft.more + '\n';
}

std::string newFileText(const ConnectDraft& draft)
{
    return "[profile]\nname = \"production\"\nkind = \"live\"\nsafety = \"guarded\"\n\n"
           "[ingress]\nlisten = \"127.0.0.1:8787\" # events come in here\n\n"
           "[control]\nlisten = \"127.0.0.1:8788\"\n"
        + line("key", draft.controlKey) + "\n[[workspace]]\nname = \"default\"\n"
        + line("write_key", draft.writeKey) + '\n' + destinationText(draft);
}

Result<std::string> readWhole(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    if (!file.exists())
        return std::string {};
    if (!file.open(QIODevice::ReadOnly))
        return fail(
            ErrorCode::Io, "the file cannot be read: " + file.errorString().toStdString(), path);
    const QByteArray text = file.read(kFileBytesMax + 1);
    if (text.size() > kFileBytesMax)
        return fail(ErrorCode::TooLarge, "the file is larger than 4 MiB", path);
    return text.toStdString();
}

std::string wholeText(const ConnectPlan& plan)
{
    const bool needsBreak = !plan.before.empty() && plan.before.back() != '\n';
    return plan.before + (needsBreak ? "\n" : "") + (plan.before.empty() ? "" : "\n") + plan.added;
}

// The checks work on files: this one is the owner's alone and goes with its object.
std::unique_ptr<QTemporaryFile> temporaryCopy(const ConnectPlan& plan)
{
    auto file = std::make_unique<QTemporaryFile>();
    const std::string text = wholeText(plan);
    const bool isWritten = file->open() && file->setPermissions(kOwnerOnly)
        && file->write(text.data(), static_cast<qint64>(text.size()))
            == static_cast<qint64>(text.size())
        && file->flush();
    return isWritten ? std::move(file) : nullptr;
}

tl::unexpected<Error> noCopy()
{
    return fail(ErrorCode::Io, "no temporary file could be written to check it");
}

// Whether an event without a configured name has no way there, whatever else it holds.
bool needsEventNames(const platforms::Adapter& adapter, const config::PlatformSpec& spec)
{
    DestinationConfig destination;
    destination.platform = spec.platform;
    destination.contract = spec.contract;
    if (!spec.api.empty())
        destination.options["api"] = spec.api;
    for (const EventType type : { EventType::Track, EventType::Message, EventType::Broadcast }) {
        StoredEvent event;
        event.type = type;
        event.name = "purchase";
        event.payload = "{}";
        const auto canonical
            = platforms::toCanonical(std::make_shared<const StoredEvent>(std::move(event)));
        const auto reason = canonical ? adapter.unroutable(*canonical, destination) : std::nullopt;
        if (reason && reason->reason == "no_mapping")
            return true;
    }
    return false;
}

PlatformInfo infoOf(
    const platforms::Adapter& adapter, const config::PlatformSpec& spec, std::string title)
{
    PlatformInfo info { .name = spec.platform,
        .api = spec.api,
        .title = std::move(title),
        .needsEndpoint = spec.endpoint.empty(),
        .needsEventNames = needsEventNames(adapter, spec),
        .accountPattern = spec.accountPattern,
        .credentialSets = spec.credentialSets,
        .options = spec.options };
    if (info.credentialSets.empty())
        info.credentialSets.emplace_back();
    for (std::vector<std::string>& set : info.credentialSets)
        set.insert(set.begin(), spec.credentials.begin(), spec.credentials.end());
    return info;
}

} // namespace

std::vector<PlatformInfo> knownPlatforms()
{
    config::Problems problems("built-in contracts");
    std::vector<PlatformInfo> all;
    for (const auto& [name, spec] : config::builtInSpecs(problems)) {
        const platforms::Adapter* const adapter = platforms::adapterFor(name);
        if (adapter == nullptr)
            continue;
        if (spec.apis.empty())
            all.push_back(infoOf(*adapter, spec, spec.title));
        for (const config::PlatformSpec& api : spec.apis) {
            const bool isFirst = &api == &spec.apis.front();
            const bool isNamed = isFirst || api.title != spec.title;
            all.push_back(
                infoOf(*adapter, api, isNamed ? api.title : api.title + " (" + api.api + ')'));
            if (isFirst)
                all.back().api.clear();
        }
    }
    std::sort(all.begin(), all.end(),
        [](const PlatformInfo& a, const PlatformInfo& b) { return a.title < b.title; });
    return all;
}

Result<ConnectPlan> planConnection(const std::string& path, const ConnectDraft& draft)
{
    auto before = readWhole(path);
    if (!before)
        return tl::unexpected(before.error());
    ConnectPlan plan { .path = path, .isNewFile = before->empty(), .before = std::move(*before) };
    plan.added = plan.isNewFile ? newFileText(draft) : destinationText(draft);
    const auto copy = temporaryCopy(plan);
    if (!copy)
        return noCopy();
    // Whoever types waits for the preview; a keychain that is locked is told as such.
    plan.report = checkConfiguration(copy->fileName().toStdString(), Millis { 1'000 });
    for (CheckFinding& finding : plan.report.findings)
        finding.file = path; // the copy's name says nothing to anybody
    return plan;
}

Status writeConnection(const ConnectPlan& plan)
{
    if (!plan.report.isValid)
        return fail(ErrorCode::BadRequest, "the configuration would be refused", plan.path);
    const auto now = readWhole(plan.path);
    if (!now)
        return tl::unexpected(now.error());
    if (*now != plan.before)
        return fail(
            ErrorCode::Conflict, "the file has changed meanwhile; look at it again", plan.path);
    const QString path = QString::fromStdString(plan.path);
    const auto permissions
        = QFileInfo::exists(path) ? QFile::permissions(path) : QFile::Permissions(kOwnerOnly);
    (void)QDir().mkpath(QFileInfo(path).absolutePath()); // opening the file says why it failed
    const std::string text = wholeText(plan);
    QSaveFile file(path);
    const bool isWritten = file.open(QIODevice::WriteOnly) && file.setPermissions(permissions)
        && file.write(text.data(), static_cast<qint64>(text.size()))
            == static_cast<qint64>(text.size())
        && file.commit();
    if (!isWritten)
        return fail(
            ErrorCode::Io, "it cannot be written: " + file.errorString().toStdString(), plan.path);
    return {};
}

Result<LiveCheckReport> tryConnection(
    const ConnectPlan& plan, const ConnectDraft& draft, WallTime now)
{
    const auto copy = temporaryCopy(plan);
    if (!copy)
        return noCopy();
    return checkLive(copy->fileName().toStdString(), draft.name, draft.account, now);
}

} // namespace engine
