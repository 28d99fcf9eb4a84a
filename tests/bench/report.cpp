#include "report.h"

#include <QDateTime>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace bench {
namespace {

std::string numberText(double value)
{
    std::array<char, 32> text {};
    const char* const format = value >= 1'000 ? "%.0f" : value >= 10 ? "%.1f" : "%.3f";
    std::snprintf(text.data(), text.size(), format, value);
    return text.data();
}

std::string lineOf(const Row& row)
{
    std::array<char, 400> text {};
    const std::string floor = row.floor ? numberText(*row.floor) : "-";
    const std::string share
        = row.floor && *row.floor > 0 ? numberText(row.value() / *row.floor) : "-";
    const std::string target = row.target ? numberText(*row.target) : "-";
    std::snprintf(text.data(), text.size(), "%-30s %10s %-9s %9s %10s %8s  %s", row.name.c_str(),
        numberText(row.value()).c_str(), row.unit.c_str(), target.c_str(), floor.c_str(),
        share.c_str(), row.floorName.c_str());
    return std::string(text.data()) + (row.note.empty() ? "" : "\n      " + row.note);
}

QJsonObject jsonOf(const Row& row)
{
    QJsonArray samples;
    for (const double sample : row.samples)
        samples.append(sample);
    QJsonObject json { { QStringLiteral("name"), QString::fromStdString(row.name) },
        { QStringLiteral("value"), row.value() },
        { QStringLiteral("unit"), QString::fromStdString(row.unit) },
        { QStringLiteral("samples"), samples } };
    if (row.target)
        json.insert(QStringLiteral("target"), *row.target);
    if (row.floor) {
        json.insert(QStringLiteral("floor"), *row.floor);
        json.insert(QStringLiteral("floor_is"), QString::fromStdString(row.floorName));
        json.insert(
            QStringLiteral("share_of_floor"), *row.floor > 0 ? row.value() / *row.floor : 0);
    }
    if (!row.note.empty())
        json.insert(QStringLiteral("note"), QString::fromStdString(row.note));
    return json;
}

std::array<double, 3> loads()
{
    std::array<double, 3> averages {};
    if (::getloadavg(averages.data(), 3) != 3)
        averages = {};
    return averages;
}

} // namespace

double medianOf(std::vector<double> samples)
{
    if (samples.empty())
        return 0;
    std::sort(samples.begin(), samples.end());
    const std::size_t middle = samples.size() / 2;
    return samples.size() % 2 == 1 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
}

double Row::value() const { return medianOf(samples); }

void Report::add(Row row)
{
    std::fprintf(stderr, "%s\n", lineOf(row).c_str());
    m_rows.push_back(std::move(row));
}

std::string Report::table() const
{
    std::array<char, 400> head {};
    const auto averages = loads();
    std::snprintf(head.data(), head.size(),
        "%ld processors, load average %.2f %.2f %.2f\n%-30s %10s %-9s %9s %10s %8s  %s\n",
        ::sysconf(_SC_NPROCESSORS_ONLN), averages[0], averages[1], averages[2], "measurement",
        "median", "unit", "target", "floor", "share", "the floor is");
    std::string text = head.data();
    for (const Row& row : m_rows)
        text += lineOf(row) + '\n';
    return text;
}

bool Report::writeJson(const QString& path) const
{
    QJsonArray rows;
    for (const Row& row : m_rows)
        rows.append(jsonOf(row));
    const auto averages = loads();
    const QJsonObject json {
        { QStringLiteral("at"), QDateTime::currentDateTimeUtc().toString(Qt::ISODate) },
        { QStringLiteral("processors"), static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN)) },
        { QStringLiteral("load_average"), QJsonArray { averages[0], averages[1], averages[2] } },
        { QStringLiteral("measurements"), rows },
    };
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(QJsonDocument(json).toJson()) > 0;
}

} // namespace bench
