#include "replay/preview_step.h"

#include "dlq/dead_letter_text.h"
#include "format/format.h"
#include "theme/theme.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QVBoxLayout>

#include <array>
#include <utility>

namespace ui {
namespace {

constexpr std::array<double, 3> kShares { 5, 20, 50 }; // percent: trickle, careful, half

constexpr int kOldestColumn = 7;
constexpr int kColumns = 10;

QTableWidgetItem* numberItem(const QString& text, const QString& toolTip = {})
{
    auto* item = new QTableWidgetItem(text);
    item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    item->setToolTip(toolTip);
    return item;
}

} // namespace

PreviewStep::PreviewStep(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_head(new QLabel(this))
    , m_sum(new QLabel(this))
    , m_takeUnknown(new QCheckBox(this))
    , m_takeSameError(new QCheckBox(this))
    , m_table(new QTableWidget(this))
{
    m_head->setObjectName(QStringLiteral("replay_selection"));
    m_sum->setObjectName(QStringLiteral("replay_sum"));
    for (auto* label : { m_head, m_sum }) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_takeUnknown->setObjectName(QStringLiteral("replay_includeUnknown"));
    m_takeSameError->setObjectName(QStringLiteral("replay_includeSameError"));
    auto* recount = new QPushButton(tr("Recount"), this);
    recount->setObjectName(QStringLiteral("replay_recount"));
    recount->setAccessibleName(tr("Count again with what is there now"));
    auto* top = new QHBoxLayout;
    top->addWidget(m_head, 1);
    top->addWidget(recount);

    auto* counts = new QGridLayout;
    counts->setHorizontalSpacing(kSpaceLarge);
    counts->setVerticalSpacing(2);
    m_matched = addCount(*counts, 0, QStringLiteral("replay_matched"), tr("Matched"),
        tr("Everything the window holds; the parts beside it add up to it"));
    m_willSend = addCount(*counts, 1, QStringLiteral("replay_willSend"), tr("Will send"), {});
    m_alreadyAccepted = addCount(*counts, 2, QStringLiteral("replay_alreadyAccepted"),
        tr("Already accepted"), tr("The platform has accepted the same event meanwhile"));
    m_superseded = addCount(*counts, 3, QStringLiteral("replay_superseded"), tr("Superseded"),
        tr("A later record of the same person was accepted; the old one would overwrite it"));
    m_payloadGone = addCount(*counts, 4, QStringLiteral("replay_payloadGone"), tr("Payload gone"),
        tr("Retention has removed the event"));
    m_tooOld = addCount(*counts, 5, QStringLiteral("replay_tooOld"), tr("Too old"),
        tr("Older than the platform takes, now or when its turn would come"));
    m_sameError = addCount(*counts, 6, QStringLiteral("replay_sameError"), tr("Same error"),
        tr("Encoded as today it failed already: it would fail again"));
    m_unknown = addCount(*counts, 7, QStringLiteral("replay_unknown"), tr("Outcome unknown"),
        tr("Sent, but no answer came: the platform may have it"));

    m_table->setObjectName(QStringLiteral("replay_previewTable"));
    m_table->setAccessibleName(tr("Preview by shard"));
    m_table->setColumnCount(kColumns);
    m_table->setHorizontalHeaderLabels(
        { tr("Shard"), tr("Matched"), tr("Will send"), tr("Too old"), tr("Accepted"), tr("Unknown"),
            tr("Same error"), tr("Oldest event"), tr("Quota"), tr("Time") });
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(context.theme.rowHeight());
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    for (int number = 1; number < kColumns; ++number)
        m_table->setColumnWidth(number, number == kOldestColumn ? 124 : 72);
    m_table->horizontalHeaderItem(0)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    for (int number = 1; number < kColumns; ++number)
        m_table->horizontalHeaderItem(number)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_table->setTabKeyNavigation(false);
    auto* note = new QLabel(tr("Kept unchanged: event_id, event_time, payload."), this);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpace);
    column->addLayout(top);
    column->addLayout(counts);
    column->addWidget(m_sum);
    column->addWidget(m_takeUnknown);
    column->addWidget(m_takeSameError);
    column->addWidget(m_table, 1);
    column->addWidget(note);
    connect(recount, &QPushButton::clicked, this, &PreviewStep::recountRequested);
    connect(m_takeUnknown, &QCheckBox::toggled, this, &PreviewStep::changed);
    connect(m_takeSameError, &QCheckBox::toggled, this, &PreviewStep::changed);
}

QLabel* PreviewStep::addCount(QGridLayout& grid, int column, const QString& name,
    const QString& title, const QString& explanation)
{
    auto* caption = new QLabel(title, this);
    caption->setFont(m_context.theme.captionFont());
    auto* value = new QLabel(this);
    value->setObjectName(name);
    value->setTextFormat(Qt::PlainText);
    value->setFont(m_context.theme.titleFont());
    caption->setToolTip(explanation);
    value->setToolTip(explanation);
    grid.addWidget(caption, 0, column);
    grid.addWidget(value, 1, column);
    return value;
}

void PreviewStep::setDraft(const ReplayDraft& draft)
{
    if (!draft.preview)
        return;
    const auto& preview = *draft.preview;
    m_head->setText(tr("Selection S-%1, frozen %2. What fails after that is not in it.")
                        .arg(engine::toInt(preview.selection))
                        .arg(formatClock(preview.frozenAt)));
    m_matched->setText(formatExact(preview.matched));
    m_willSend->setText(formatExact(preview.willSend));
    m_alreadyAccepted->setText(formatExact(preview.alreadyAccepted));
    m_superseded->setText(formatExact(preview.superseded));
    m_payloadGone->setText(formatExact(preview.payloadGone));
    m_tooOld->setText(formatExact(preview.tooOld));
    m_sameError->setText(formatExact(preview.sameError));
    m_unknown->setText(formatExact(preview.outcomeUnknown));
    m_sum->setText(addsUp(preview)
            ? previewSum(preview)
            : tr("The parts do not add up to what matched. Recount before going on."));
    const QSignalBlocker blockUnknown(m_takeUnknown);
    const QSignalBlocker blockSame(m_takeSameError);
    m_takeUnknown->setText(tr("Send the %1 with an unknown outcome too: safe only where the "
                              "platform recognises duplicates")
                               .arg(formatExact(preview.outcomeUnknown)));
    m_takeUnknown->setAccessibleName(m_takeUnknown->text());
    m_takeUnknown->setVisible(preview.outcomeUnknown > 0);
    m_takeUnknown->setChecked(draft.includeUnknown);
    m_takeSameError->setText(
        tr("Try the %1 that failed with today's encoder too").arg(formatExact(preview.sameError)));
    m_takeSameError->setAccessibleName(m_takeSameError->text());
    m_takeSameError->setVisible(preview.sameError > 0);
    m_takeSameError->setChecked(draft.includeSameError);
    showShards(preview);
}

void PreviewStep::showShards(const engine::ReplayPreview& preview)
{
    m_table->setRowCount(static_cast<int>(preview.shards.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto& shard = preview.shards[static_cast<std::size_t>(row)];
        auto* name = new QTableWidgetItem(shardLabel(shard.shard));
        name->setToolTip(shardName(shard.shard));
        m_table->setItem(row, 0, name);
        int column = 1;
        for (const auto count : { shard.matched, shard.willSend, shard.tooOld,
                 shard.alreadyAccepted, shard.outcomeUnknown, shard.sameError })
            m_table->setItem(row, column++, numberItem(formatExact(count)));
        m_table->setItem(row, kOldestColumn,
            shard.oldestEvent
                ? numberItem(formatStamp(*shard.oldestEvent), formatUtc(*shard.oldestEvent))
                : numberItem(QString(kDash)));
        m_table->setItem(row, kOldestColumn + 1,
            numberItem(shard.quotaShare ? formatPercent(*shard.quotaShare) : tr("unknown")));
        m_table->setItem(row, kOldestColumn + 2,
            numberItem(shard.eta ? formatDuration(*shard.eta) : tr("unknown")));
    }
}

bool PreviewStep::includeUnknown() const
{
    return !m_takeUnknown->isHidden() && m_takeUnknown->isChecked();
}
bool PreviewStep::includeSameError() const
{
    return !m_takeSameError->isHidden() && m_takeSameError->isChecked();
}

PaceStep::PaceStep(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
{
    setObjectName(QStringLiteral("replay_pace"));
    auto* intro = new QLabel(tr("How much of what live traffic leaves may the replay use?"), this);
    intro->setFont(context.theme.boldFont());
    auto* group = new QButtonGroup(this);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(kSpace);
    grid->setColumnStretch(2, 1);
    const std::array<QString, 3> names { tr("&Trickle, 5 %"), tr("C&areful, 20 %"),
        tr("&Half, 50 %") };
    const auto addRadio = [this, group](const QString& text, const QString& accessible) {
        auto* radio = new QRadioButton(text, this);
        radio->setAccessibleName(accessible);
        group->addButton(radio);
        connect(radio, &QRadioButton::toggled, this, &PaceStep::changed);
        return radio;
    };
    int row = 0;
    for (const QString& name : names) {
        m_presets.push_back(addRadio(name, QString(name).remove(u'&')));
        grid->addWidget(m_presets.back(), row++, 0, 1, 2);
    }
    m_presets[1]->setChecked(true);
    m_custom = addRadio(tr("&Custom share"), tr("Custom share"));
    m_percent = new QDoubleSpinBox(this);
    m_percent->setObjectName(QStringLiteral("replay_percent"));
    m_percent->setAccessibleName(tr("Share in percent"));
    m_percent->setRange(1, 100);
    m_percent->setDecimals(0);
    m_percent->setValue(30);
    m_percent->setSuffix(tr(" %"));
    m_fixed = addRadio(tr("&Fixed rate"), tr("Fixed rate"));
    m_rate = new QDoubleSpinBox(this);
    m_rate->setObjectName(QStringLiteral("replay_rate"));
    m_rate->setAccessibleName(tr("Records per second"));
    m_rate->setRange(0.1, 100'000);
    m_rate->setDecimals(1);
    m_rate->setValue(10);
    m_rate->setSuffix(tr(" records/s"));
    grid->addWidget(m_custom, row, 0);
    grid->addWidget(m_percent, row++, 1);
    grid->addWidget(m_fixed, row, 0);
    grid->addWidget(m_rate, row++, 1);
    finishLayout(intro, grid);
    connect(m_percent, &QDoubleSpinBox::valueChanged, this, [this] { m_custom->setChecked(true); });
    connect(m_rate, &QDoubleSpinBox::valueChanged, this, [this] { m_fixed->setChecked(true); });
    connect(m_percent, &QDoubleSpinBox::valueChanged, this, &PaceStep::changed);
    connect(m_rate, &QDoubleSpinBox::valueChanged, this, &PaceStep::changed);
    connect(m_ramp, &QCheckBox::toggled, this, &PaceStep::changed);
    connect(this, &PaceStep::changed, this, &PaceStep::showEstimate);
}

void PaceStep::finishLayout(QLabel* intro, QGridLayout* grid)
{
    m_ramp = new QCheckBox(tr("&Ramp: 1, 10, 100, then full; each step needs 95 % accepted"), this);
    m_ramp->setObjectName(QStringLiteral("replay_ramp"));
    m_ramp->setAccessibleName(tr("Ramp up"));
    m_ramp->setChecked(true);
    m_estimate = new QLabel(this);
    m_estimate->setObjectName(QStringLiteral("replay_estimate"));
    auto* guards = new QLabel(
        tr("It stops by itself when the first ones fail as they did before, or when 5 % of the "
           "last 200 fail, and holds while the platform "
           "throttles 1 % of the requests or live deliveries of the shard wait 30 s or more. Live "
           "events always go first."),
        this);
    guards->setObjectName(QStringLiteral("replay_guards"));
    for (auto* label : { m_estimate, guards }) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceLarge);
    column->addWidget(intro);
    column->addLayout(grid);
    column->addWidget(m_ramp);
    column->addWidget(m_estimate);
    column->addWidget(guards);
    column->addStretch(1);
}

void PaceStep::setDraft(const ReplayDraft& draft)
{
    m_draft = draft;
    showEstimate();
}

void PaceStep::writeTo(ReplayDraft& draft) const
{
    draft.rate.reset();
    for (std::size_t i = 0; i < kShares.size(); ++i) {
        if (m_presets[i]->isChecked())
            draft.sharePercent = kShares[i];
    }
    if (m_custom->isChecked())
        draft.sharePercent = m_percent->value();
    if (m_fixed->isChecked())
        draft.rate = m_rate->value();
    draft.isRamped = m_ramp->isChecked();
}

void PaceStep::showEstimate()
{
    ReplayDraft draft = m_draft;
    writeTo(draft);
    const auto time = estimateTime(draft, *m_context.engine.snapshot());
    const QString count = formatExact(sendCount(draft));
    m_estimate->setText(time
            ? tr("%1 events: about %2 without the ramp, if live traffic stays as it is.")
                  .arg(count, formatDuration(*time))
            : tr("%1 events. How long it takes cannot be told: a ceiling is unknown, or live "
                 "traffic leaves nothing.")
                  .arg(count));
}

} // namespace ui
