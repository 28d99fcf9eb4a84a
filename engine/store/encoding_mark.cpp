#include "store/encoding_mark.h"

#include <array>
#include <atomic>
#include <cstring>

namespace engine::store {
namespace {

// On disk: 1 when something is being encoded, then its shard, lane, rank and seq.
using Numbers = std::array<std::int64_t, 5>;

QString fileIn(const std::string& directory)
{
    return QString::fromStdString(directory + "/encoding");
}

} // namespace

EncodingMark::EncodingMark(const std::string& directory)
    : m_file(fileIn(directory))
{
    // Written and not only made longer: what is mapped must have its room on the disk already, or a
    // full one would end the process at the first number.
    const QByteArray zeros(sizeof(Numbers), '\0');
    const bool isWritten = m_file.open(QIODevice::ReadWrite | QIODevice::Truncate)
        && m_file.write(zeros) == zeros.size() && m_file.flush();
    if (!isWritten)
        return;
    uchar* const mapped = m_file.map(0, sizeof(Numbers));
    if (mapped == nullptr)
        return;
    m_numbers = reinterpret_cast<std::int64_t*>(mapped); // a mapping begins at a page
}

void EncodingMark::set(const EncodingNow& now)
{
    if (m_numbers == nullptr)
        return;
    m_numbers[1] = toInt(now.shard);
    m_numbers[2] = static_cast<std::int64_t>(now.key.lane);
    m_numbers[3] = now.key.rank;
    m_numbers[4] = toInt(now.key.seq);
    // The process may end anywhere: the numbers are there before it says so.
    std::atomic_signal_fence(std::memory_order_seq_cst);
    m_numbers[0] = 1;
    std::atomic_signal_fence(std::memory_order_seq_cst);
}

void EncodingMark::clear()
{
    if (m_numbers != nullptr)
        m_numbers[0] = 0;
}

std::optional<EncodingNow> EncodingMark::left(const std::string& directory)
{
    QFile file(fileIn(directory));
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QByteArray bytes = file.read(sizeof(Numbers));
    Numbers numbers {};
    if (bytes.size() != sizeof(Numbers))
        return std::nullopt;
    std::memcpy(numbers.data(), bytes.constData(), sizeof(Numbers));
    if (numbers[0] != 1 || numbers[2] < 0 || numbers[2] >= kLanes)
        return std::nullopt;
    return EncodingNow { ShardKey { numbers[1] },
        { static_cast<Lane>(numbers[2]), numbers[3], EventSeq { numbers[4] } } };
}

void EncodingMark::forget(const std::string& directory) { (void)QFile::remove(fileIn(directory)); }

} // namespace engine::store
