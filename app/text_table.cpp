#include "text_table.h"

#include <algorithm>

namespace app {
namespace {

// "184,200", "6m 12s", "3.1 %", "–"; not a date.
bool isNumberLike(const QString& cell)
{
    constexpr qsizetype kNumberMax = 12;
    return cell.isEmpty() || cell == u"–" || (cell[0].isDigit() && cell.size() <= kNumberMax);
}

} // namespace

TextTable::TextTable(QStringList header, int gap)
    : m_gap(gap, u' ')
{
    m_rows.push_back(std::move(header));
}

void TextTable::addRow(QStringList cells) { m_rows.push_back(std::move(cells)); }

QString TextTable::text() const
{
    const qsizetype columns = m_rows.front().size();
    std::vector<qsizetype> widths(static_cast<std::size_t>(columns), 0);
    std::vector<bool> isRight(static_cast<std::size_t>(columns), m_rows.size() > 1);
    for (const QStringList& row : m_rows) {
        for (qsizetype c = 0; c < columns; ++c) {
            const auto column = static_cast<std::size_t>(c);
            widths[column] = std::max(widths[column], row.value(c).size());
            if (&row != &m_rows.front() && !isNumberLike(row.value(c)))
                isRight[column] = false;
        }
    }
    QString out;
    for (const QStringList& row : m_rows) {
        QString line;
        for (qsizetype c = 0; c < columns; ++c) {
            const auto column = static_cast<std::size_t>(c);
            const QString cell = row.value(c);
            line += (c > 0 ? m_gap : QString())
                + (isRight[column] ? cell.rightJustified(widths[column])
                                   : cell.leftJustified(widths[column]));
        }
        while (line.endsWith(u' '))
            line.chop(1);
        out += line + u'\n';
    }
    return out;
}

} // namespace app
