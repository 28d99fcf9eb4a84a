#include "secrets/system_keychain.h"

#include <QCoreApplication>
#include <QThread>
#include <qt6keychain/keychain.h>

namespace engine::secrets {

namespace {

QString serviceName() { return QStringLiteral("spillway"); }

// QtKeychain runs the jobs of a process one after the other in the thread that made the first, so
// there is one thread for all of them, for as long as the application lives.
class KeychainThread {
public:
    KeychainThread()
    {
        m_thread.setObjectName(QStringLiteral("keychain"));
        m_context.moveToThread(&m_thread);
        m_thread.start();
        qAddPostRoutine([] { only().stop(); });
    }
    static KeychainThread& only()
    {
        static auto* const thread = new KeychainThread; // stopped with the application
        return *thread;
    }
    void post(std::function<void()> work)
    {
        QMetaObject::invokeMethod(&m_context, std::move(work), Qt::QueuedConnection);
    }
    QObject* context() { return &m_context; }

private:
    void stop()
    {
        m_thread.quit();
        m_thread.wait();
    }
    QThread m_thread {};
    QObject m_context {};
};

ErrorCode codeOf(QKeychain::Error error)
{
    switch (error) {
    case QKeychain::EntryNotFound:
        return ErrorCode::NotFound;
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        return ErrorCode::Unauthorized;
    case QKeychain::NoError:
    case QKeychain::CouldNotDeleteEntry:
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
    case QKeychain::OtherError:
        break;
    }
    return ErrorCode::Unavailable;
}

tl::unexpected<Error> failureOf(const QKeychain::Job& job, const std::string& name)
{
    const std::string said = job.errorString().toStdString();
    const ErrorCode code = codeOf(job.error());
    if (code == ErrorCode::NotFound)
        return fail(code,
            "the keychain has no entry \"" + name
                + "\" of Spillway's, or is locked; put it there with: spillway secret set " + name);
    if (code == ErrorCode::Unauthorized)
        return fail(code, "the keychain refused: unlock it and let Spillway read it", {}, said);
    const bool isMissing = job.error() == QKeychain::NoBackendAvailable;
    return fail(code,
        (isMissing ? std::string("there is no keychain here")
                   : "the keychain cannot be used: " + said)
            + ". It may be locked; it needs a desktop's session (D-Bus) with GNOME Keyring, "
              "KeePassXC or "
              "KWallet. On a server use file:PATH or env:NAME",
        {}, said);
}

class SystemKeychain final : public Keychain {
public:
    void read(const std::string& name, OnRead done) override
    {
        KeychainThread::only().post([name, done = std::move(done)] {
            auto* job = new QKeychain::ReadPasswordJob(serviceName());
            run(job, name, [job, name, done](bool isDone) {
                if (isDone)
                    done(job->textData().toStdString());
                else
                    done(failureOf(*job, name));
            });
        });
    }
    void write(const std::string& name, const std::string& value, OnDone done) override
    {
        KeychainThread::only().post([name, value, done = std::move(done)] {
            auto* job = new QKeychain::WritePasswordJob(serviceName());
            job->setTextData(QString::fromStdString(value));
            runAndTell(job, name, done);
        });
    }
    void remove(const std::string& name, OnDone done) override
    {
        KeychainThread::only().post([name, done = std::move(done)] {
            runAndTell(new QKeychain::DeletePasswordJob(serviceName()), name, done);
        });
    }

private:
    // The job deletes itself after it has ended.
    static void run(
        QKeychain::Job* job, const std::string& name, std::function<void(bool isDone)> ended)
    {
        job->setAutoDelete(true);
        job->setInsecureFallback(false); // a settings file in clear is no keychain
        job->setKey(QString::fromStdString(name));
        QObject::connect(job, &QKeychain::Job::finished, KeychainThread::only().context(),
            [job, ended = std::move(ended)] { ended(job->error() == QKeychain::NoError); });
        job->start();
    }
    static void runAndTell(QKeychain::Job* job, const std::string& name, const OnDone& done)
    {
        run(job, name, [job, name, done](bool isDone) {
            done(isDone ? Status {} : Status(failureOf(*job, name)));
        });
    }
};

} // namespace

std::shared_ptr<Keychain> makeSystemKeychain() { return std::make_shared<SystemKeychain>(); }

} // namespace engine::secrets
