#include "secrets/secret_store.h"

#include "config/config_file.h"
#include "config/secrets.h"
#include "secrets/kept_secrets.h"

#include <QLoggingCategory>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace engine::secrets {
namespace {

Q_LOGGING_CATEGORY(lcSecrets, "engine.secrets")

bool isSame(const Result<std::string>& a, const Result<std::string>& b)
{
    return a.has_value() == b.has_value() && (!a || *a == *b);
}

} // namespace

struct SecretStore::State : std::enable_shared_from_this<SecretStore::State> {
    struct Entry {
        std::optional<Result<std::string>> answer {};
        bool isAsked { false };
    };

    explicit State(SecretStoreOptions given)
        : options(std::move(given))
    {
    }
    void ask(const std::string& name);
    void answered(const std::string& name, Result<std::string> answer);
    // The value in its own place, whatever a platform said since.
    [[nodiscard]] Result<std::string> inPlace(const SecretRef& ref);
    void write(std::function<void()> work);
    void keepInDirectory();
    void keep(const SecretRef& ref, const std::string& value);
    void keepInKeychain(const std::string& name, const std::string& value);
    void tellUnkept(const SecretRef& ref, const Error& error);

    const SecretStoreOptions options;
    std::mutex mutex {}; // guards what follows; never held while somebody else is called
    std::condition_variable isAnswered {};
    std::map<std::string, Entry> entries {}; // of the keychain; bounded by the configuration
    KeptSecrets kept {}; // what platforms gave in place of what is configured
    int writes { 0 }; // that the keychain has not answered
    std::mutex changedMutex {}; // held while it is called: who is told may go once it is cleared
    std::function<void()> changed {};
};

void SecretStore::State::ask(const std::string& name)
{
    {
        const std::scoped_lock lock(mutex);
        Entry& entry = entries[name];
        if (std::exchange(entry.isAsked, true))
            return;
    }
    if (!options.keychain)
        return answered(name, fail(ErrorCode::Unsupported, "there is no keychain here"));
    options.keychain->read(name, [weak = weak_from_this(), name](Result<std::string> answer) {
        if (const auto state = weak.lock())
            state->answered(name, std::move(answer));
    });
}

void SecretStore::State::answered(const std::string& name, Result<std::string> answer)
{
    bool isNews = false;
    {
        const std::scoped_lock lock(mutex);
        Entry& entry = entries[name];
        entry.isAsked = false;
        isNews = !entry.answer || !isSame(*entry.answer, answer);
        entry.answer = std::move(answer);
    }
    isAnswered.notify_all();
    const std::scoped_lock telling(changedMutex);
    if (isNews && changed)
        changed();
}

Result<std::string> SecretStore::State::inPlace(const SecretRef& ref)
{
    if (ref.kind != SecretRef::Kind::Keychain)
        return config::readSecret(ref);
    const std::scoped_lock lock(mutex);
    const auto found = entries.find(ref.name);
    if (found != entries.end() && found->second.answer)
        return *found->second.answer;
    return fail(ErrorCode::Unavailable,
        "the keychain has not answered yet for \"" + ref.name
            + "\"; it may be locked and ask for its password on the screen");
}

void SecretStore::State::write(std::function<void()> work)
{
    if (options.writer)
        options.writer(std::move(work));
    else
        work();
}

// What somebody has configured anew since then is nobody's any more.
void SecretStore::State::keepInDirectory()
{
    KeptSecrets all;
    {
        const std::scoped_lock lock(mutex);
        all = kept;
    }
    std::erase_if(all, [this](const auto& entry) {
        const auto ref = config::parseSecretRef(entry.first);
        const auto present = ref ? inPlace(*ref) : Result<std::string>(tl::unexpected(ref.error()));
        return present && secretDigest(*present) != entry.second.insteadOf;
    });
    if (const Status done = writeKeptSecrets(options.directory, all); !done)
        qCWarning(lcSecrets, "replaced secrets are lost at the next start: %s",
            done.error().message.c_str());
}

void SecretStore::State::tellUnkept(const SecretRef& ref, const Error& error)
{
    qCWarning(lcSecrets, "%s could not be replaced in its place: %s", toString(ref).c_str(),
        error.message.c_str());
    if (!options.directory.empty())
        write([state = shared_from_this()] { state->keepInDirectory(); });
}

void SecretStore::State::keepInKeychain(const std::string& name, const std::string& value)
{
    {
        const std::scoped_lock lock(mutex);
        ++writes;
    }
    options.keychain->write(name, value, [weak = weak_from_this(), name, value](Status done) {
        const auto state = weak.lock();
        if (!state)
            return;
        if (!done)
            state->tellUnkept({ .kind = SecretRef::Kind::Keychain, .name = name }, done.error());
        const std::scoped_lock lock(state->mutex);
        if (done)
            state->entries[name].answer = value;
        --state->writes;
        state->isAnswered.notify_all();
    });
}

void SecretStore::State::keep(const SecretRef& ref, const std::string& value)
{
    switch (ref.kind) {
    case SecretRef::Kind::None:
        return;
    case SecretRef::Kind::Env:
        return write([state = shared_from_this()] { state->keepInDirectory(); });
    case SecretRef::Kind::File:
        return write([state = shared_from_this(), ref, value] {
            if (const Status done = config::writeSecretFile(ref.name, value); !done)
                state->tellUnkept(ref, done.error());
        });
    case SecretRef::Kind::Keychain:
        return keepInKeychain(ref.name, value);
    }
}

SecretStore::SecretStore(SecretStoreOptions options)
    : m_state(std::make_shared<State>(std::move(options)))
{
    if (m_state->options.directory.empty())
        return;
    auto kept = readKeptSecrets(m_state->options.directory);
    if (kept)
        m_state->kept = std::move(*kept);
    else
        qCWarning(lcSecrets, "replaced secrets of earlier runs are not used: %s",
            kept.error().message.c_str());
}

SecretStore::~SecretStore()
{
    constexpr Millis kWriteWait { 5'000 };
    onChange({});
    std::unique_lock lock(m_state->mutex);
    (void)m_state->isAnswered.wait_for(lock, kWriteWait, [this] { return m_state->writes == 0; });
}

Result<std::string> SecretStore::read(const SecretRef& ref, bool isFresh)
{
    if (ref.kind == SecretRef::Kind::Keychain) {
        bool isKnown = false;
        {
            const std::scoped_lock lock(m_state->mutex);
            const auto found = m_state->entries.find(ref.name);
            isKnown = found != m_state->entries.end() && found->second.answer;
        }
        if (isFresh || !isKnown)
            m_state->ask(ref.name);
    }
    auto present = m_state->inPlace(ref);
    if (!present)
        return present;
    const std::scoped_lock lock(m_state->mutex);
    const auto found = m_state->kept.find(toString(ref));
    if (found != m_state->kept.end() && found->second.insteadOf == secretDigest(*present))
        return found->second.value;
    return present;
}

void SecretStore::fetch(const std::vector<SecretRef>& refs, Millis wait)
{
    std::vector<std::string> names;
    for (const SecretRef& ref : refs) {
        if (ref.kind == SecretRef::Kind::Keychain)
            names.push_back(ref.name);
    }
    for (const std::string& name : names)
        m_state->ask(name);
    std::unique_lock lock(m_state->mutex);
    (void)m_state->isAnswered.wait_for(lock, wait, [&] {
        return std::none_of(names.begin(), names.end(),
            [&](const std::string& name) { return m_state->entries[name].isAsked; });
    });
}

Result<std::string> SecretStore::readNow(const SecretRef& ref, Millis wait)
{
    fetch({ ref }, wait);
    return read(ref, false);
}

Status SecretStore::replace(const SecretRef& ref, const std::string& value)
{
    const auto present = m_state->inPlace(ref);
    if (!present)
        return tl::unexpected(present.error());
    {
        const std::scoped_lock lock(m_state->mutex);
        m_state->kept[toString(ref)] = { .insteadOf = secretDigest(*present), .value = value };
    }
    if (ref.kind == SecretRef::Kind::Env && m_state->options.directory.empty())
        return fail(ErrorCode::Unsupported,
            "a new value cannot be put into the environment variable " + ref.name);
    m_state->keep(ref, value);
    return {};
}

void SecretStore::onChange(std::function<void()> changed)
{
    const std::scoped_lock lock(m_state->changedMutex);
    m_state->changed = std::move(changed);
}

std::vector<std::string> unreadableSecrets(const Config& config, SecretStore& store, Millis wait)
{
    const std::vector<config::NamedSecret> named = config::namedSecrets(config);
    std::vector<SecretRef> refs;
    refs.reserve(named.size());
    for (const config::NamedSecret& one : named)
        refs.push_back(one.ref);
    store.fetch(refs, wait);
    std::vector<std::string> problems;
    for (const auto& [where, ref] : named) {
        if (const auto secret = store.read(ref, false); !secret)
            problems.push_back(where + ": " + secret.error().message);
    }
    return problems;
}

} // namespace engine::secrets
