// `spillway serve` and the two receivers it delivers to, as programs of their own.
#pragma once

#include "load.h"
#include "process.h"

#include <memory>

namespace bench {

struct Tools {
    QString spillway {};
    QString directory {}; // of sink, bench_store and bench_transport
    QString work {}; // where data goes
    bool isQuick { false };
};

struct SinkCount {
    double requests { 0 };
    double bodyBytes { 0 };
    double seconds { 0 }; // of its clock
};

class Sink {
public:
    explicit Sink(const Tools& tools);
    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] SinkCount count();

private:
    Child m_child;
    std::uint16_t m_port { 0 };
};

// Where the engine's processor time went between its making and text().
class CpuShares {
public:
    explicit CpuShares(qint64 pid);
    [[nodiscard]] std::string text(double events) const;

private:
    qint64 m_pid;
    ThreadSeconds m_before;
    std::chrono::steady_clock::time_point m_since { std::chrono::steady_clock::now() };
};

class Product {
public:
    // Starts and waits for the ready line. The journal is <work>/<name>.
    Product(const Tools& tools, const QString& name, const std::string& destinations);

    [[nodiscard]] double startSeconds() const { return m_startSeconds; }
    [[nodiscard]] qint64 pid() const { return m_child->pid(); }
    void pause(const QStringList& destinations) const
    {
        command(QStringLiteral("pause"), destinations);
    }
    [[nodiscard]] std::int64_t waiting() const; // deliveries
    [[nodiscard]] LoadPlan plan() const; // port and key are set
    // Posts arrays until so many events are in. Failures end the benchmark.
    void fill(std::int64_t events) const;

private:
    void command(const QString& verb, const QStringList& destinations) const;

    Tools m_tools;
    std::unique_ptr<Child> m_child {};
    std::uint16_t m_ingress { 0 };
    std::uint16_t m_control { 0 };
    double m_startSeconds { 0 };
};

} // namespace bench
