#include "replay/sample_view.h"

#include "dlq/masking.h"
#include "dlq/payload_diff.h"
#include "format/format.h"
#include "theme/theme.h"
#include "widgets/cell_copy.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QTableWidget>
#include <QVBoxLayout>

namespace ui {
namespace {

// A record of megabytes is no sample to read.
constexpr std::size_t kBytesMax = 262'144;

QPlainTextEdit* makeText(const QString& name, const QString& title, QWidget* parent)
{
    auto* text = new QPlainTextEdit(parent);
    text->setObjectName(name);
    text->setAccessibleName(title);
    text->setReadOnly(true);
    text->setFont(Theme::fixedFont());
    text->setLineWrapMode(QPlainTextEdit::NoWrap);
    return text;
}

QWidget* titled(const QString& title, QWidget* content, QWidget* parent)
{
    auto* box = new QWidget(parent);
    auto* label = new QLabel(title, box);
    label->setBuddy(content);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceSmall);
    column->addWidget(label);
    column->addWidget(content, 1);
    return box;
}

// What nobody may read is masked on both sides alike, so that a difference still shows as one.
QString shown(const std::string& record) { return formatJson(record.substr(0, kBytesMax)); }

} // namespace

SampleView::SampleView(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_choice(new QComboBox(this))
    , m_verdict(new QLabel(this))
    , m_differences(new QTableWidget(this))
    , m_before(makeText(QStringLiteral("replay_sampleBefore"), tr("As it went before"), this))
    , m_after(makeText(QStringLiteral("replay_sampleAfter"), tr("As it would go now"), this))
{
    m_choice->setObjectName(QStringLiteral("replay_samples"));
    m_choice->setAccessibleName(tr("Sample"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_verdict->setObjectName(QStringLiteral("replay_sampleVerdict"));
    m_verdict->setTextFormat(Qt::PlainText);
    m_verdict->setWordWrap(true);
    m_differences->setObjectName(QStringLiteral("replay_sampleDifferences"));
    m_differences->setAccessibleName(tr("Differences between the two"));
    m_differences->setColumnCount(4);
    m_differences->setHorizontalHeaderLabels(
        { tr("Field"), tr("Difference"), tr("Before"), tr("Now") });
    m_differences->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_differences->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_differences->setShowGrid(false);
    m_differences->setTabKeyNavigation(false);
    copyCellsByKey(*m_differences);
    m_differences->verticalHeader()->hide();
    m_differences->verticalHeader()->setDefaultSectionSize(context.theme.rowHeight());
    m_differences->horizontalHeader()->setStretchLastSection(true);
    m_differences->setMaximumHeight(4 * context.theme.rowHeight());
    for (const int column : { 0, 1, 2 })
        m_differences->setColumnWidth(column, 180);
    auto* sides = new QSplitter(Qt::Horizontal, this);
    sides->setChildrenCollapsible(false);
    sides->addWidget(titled(tr("As it went before"), m_before, sides));
    sides->addWidget(titled(tr("As it would go now"), m_after, sides));
    auto* top = new QHBoxLayout;
    top->addWidget(m_choice);
    top->addWidget(m_verdict, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, kSpaceSmall, 0, 0);
    column->setSpacing(kSpaceSmall);
    column->addLayout(top);
    column->addWidget(m_differences);
    column->addWidget(sides, 1);
    connect(m_choice, &QComboBox::currentIndexChanged, this, &SampleView::showSample);
    clear();
}

void SampleView::clear()
{
    m_selection.reset();
    m_samples.clear();
    m_choice->clear();
    m_choice->hide();
    m_differences->hide();
    m_verdict->clear();
    m_before->clear();
    m_after->clear();
}

void SampleView::load(engine::SelectionId selection)
{
    if (m_selection == selection)
        return;
    clear();
    m_selection = selection;
    m_verdict->setText(tr("Reading samples…"));
    using Answer = engine::Result<std::vector<engine::ReplaySample>>;
    m_context.engine.replaySamples(
        selection, m_context.engine.replyTo<Answer>(this, [this, selection](const Answer& answer) {
            if (m_selection == selection)
                accept(answer);
        }));
}

void SampleView::accept(const engine::Result<std::vector<engine::ReplaySample>>& answer)
{
    if (!answer) {
        m_selection.reset(); // asked again the next time
        m_verdict->setText(
            tr("Samples could not be read: %1").arg(toQString(answer.error().message)));
        return;
    }
    m_samples = *answer;
    m_verdict->setText(tr("Nothing of it would be sent: there is no sample."));
    for (const auto& sample : m_samples)
        m_choice->addItem(
            QStringLiteral("%1 · %2").arg(toQString(sample.eventId), shardLabel(sample.shard)));
    m_choice->setVisible(!m_samples.empty());
}

void SampleView::showSample(int index)
{
    if (index < 0 || index >= std::ssize(m_samples))
        return;
    const auto& sample = m_samples[static_cast<std::size_t>(index)];
    m_before->setPlainText(sample.before.empty()
            ? tr("Nothing was sent of it, or it is kept no longer.")
            : shown(sample.before));
    m_after->setPlainText(sample.after.empty() ? QString() : shown(sample.after));
    std::vector<PayloadDifference> differences;
    if (!sample.before.empty() && !sample.after.empty())
        differences = comparePayloads(
            sample.before.substr(0, kBytesMax), sample.after.substr(0, kBytesMax));
    m_differences->setVisible(!differences.empty());
    m_differences->setRowCount(static_cast<int>(differences.size()));
    for (int row = 0; row < m_differences->rowCount(); ++row) {
        const auto& each = differences[static_cast<std::size_t>(row)];
        const QStringList cells { each.pointer, differenceText(each), each.accepted, each.failed };
        for (int column = 0; column < cells.size(); ++column)
            m_differences->setItem(row, column, new QTableWidgetItem(cells.at(column)));
    }
    const QString encoder
        = sample.encoderBefore == sample.encoderNow || sample.encoderBefore.empty()
        ? tr("by %1").arg(toQString(sample.encoderNow))
        : tr("by %1, before by %2")
              .arg(toQString(sample.encoderNow), toQString(sample.encoderBefore));
    if (!sample.problem.empty())
        m_verdict->setText(tr("Would be refused before sending: %1 (%2)")
                               .arg(maskText(toQString(sample.problem)), encoder));
    else if (sample.before.empty())
        m_verdict->setText(tr("Goes for the first time (%1).").arg(encoder));
    else if (sample.before == sample.after)
        m_verdict->setText(tr("Identical except the attempt's headers (%1).").arg(encoder));
    else
        m_verdict->setText(
            tr("%n field(s) differ (%1).", nullptr, static_cast<int>(differences.size()))
                .arg(encoder));
}

} // namespace ui
