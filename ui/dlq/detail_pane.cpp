#include "dlq/detail_pane.h"

#include "dlq/curl_text.h"
#include "dlq/dead_letter_text.h"
#include "dlq/diff_view.h"
#include "dlq/masking.h"
#include "dlq/text_view.h"
#include "format/format.h"
#include "theme/theme.h"
#include "widgets/cell_copy.h"
#include "widgets/privacy.h"

#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <utility>

namespace ui {

DetailPane::DetailPane(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
{
    m_worker.setMaxThreadCount(1); // in order, and a fast walk does not lay out ten at once
    m_tabs = new QTabWidget(this);
    m_tabs->setObjectName(QStringLiteral("dlq_detailTabs"));
    m_tabs->setAccessibleName(tr("Details of the dead letter"));
    m_tabs->setDocumentMode(true);
    const auto text = [this](const QString& name, const QString& title,
                          TextView::Kind kind = TextView::Kind::Json) {
        auto* view = new TextView(m_context.theme, name, title, m_tabs, kind);
        m_tabs->addTab(view, title);
        return view;
    };
    m_payload = text(QStringLiteral("dlq_payload"), tr("Payload"));
    m_response = text(QStringLiteral("dlq_response"), tr("Response"));
    m_request = text(QStringLiteral("dlq_request"), tr("Request"), TextView::Kind::Plain);
    m_attempts = new QTableWidget(m_tabs);
    m_attempts->setObjectName(QStringLiteral("dlq_attempts"));
    m_attempts->setAccessibleName(tr("Attempts"));
    m_attempts->setColumnCount(6);
    m_attempts->setHorizontalHeaderLabels(
        { tr("No."), tr("Sent"), tr("Took"), tr("Outcome"), tr("HTTP"), tr("Message") });
    m_attempts->verticalHeader()->hide();
    m_attempts->horizontalHeader()->setStretchLastSection(true);
    m_attempts->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_attempts->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_attempts->setShowGrid(false);
    copyCellsByKey(*m_attempts);
    m_attempts->setFrameShape(QFrame::NoFrame);
    m_tabs->addTab(m_attempts, tr("Attempts"));
    m_diff = new DiffView(m_context.theme, m_tabs);
    m_tabs->addTab(m_diff, tr("Diff"));
    m_tabs->setTabToolTip(
        m_tabs->indexOf(m_diff), tr("Against the last accepted event of this name and shard"));

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace, 0, 0, 0);
    column->setSpacing(kSpaceSmall);
    column->addWidget(makeTop());
    column->addWidget(m_tabs, 1);
    column->addWidget(makeFindRow());
    column->addWidget(makeButtons());
    m_delay.setSingleShot(true);
    m_delay.setInterval(kReadDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &DetailPane::read);
    connect(m_payload, &TextView::filterRequested, this,
        [this](const QString& path, const QString& value) {
            Q_EMIT filterRequested(path, isMasked(value) ? QString() : value);
        });
    connect(m_tabs, &QTabWidget::currentChanged, this, &DetailPane::updateFindCount);
    show(std::nullopt);
}

QWidget* DetailPane::makeTop()
{
    auto* top = new QWidget(this);
    m_summary = new QLabel(top);
    m_summary->setObjectName(QStringLiteral("dlq_detailTitle"));
    m_summary->setFont(m_context.theme.boldFont());
    m_reason = new QLabel(top);
    m_reason->setObjectName(QStringLiteral("dlq_detailReason"));
    for (auto* label : { m_summary, m_reason }) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    auto* column = new QVBoxLayout(top);
    column->setContentsMargins(0, 0, 0, kSpaceSmall);
    column->setSpacing(2);
    column->addWidget(m_summary);
    column->addWidget(m_reason);
    return top;
}

QWidget* DetailPane::makeFindRow()
{
    auto* bar = new QWidget(this);
    m_find = new QLineEdit(bar);
    m_find->setObjectName(QStringLiteral("dlq_find"));
    m_find->setAccessibleName(tr("Find in this text"));
    m_find->setPlaceholderText(tr("Find  Ctrl+Shift+F"));
    m_findCount = new QLabel(bar);
    m_findCount->setObjectName(QStringLiteral("dlq_findCount"));
    m_findCount->setTextFormat(Qt::PlainText);
    m_unmask = new QCheckBox(tr("Show personal data"), bar);
    m_unmask->setObjectName(QStringLiteral("dlq_unmask"));
    m_unmask->setAccessibleName(m_unmask->text());
    m_unmask->setToolTip(tr("E-mail addresses, telephone numbers and IP addresses are masked. "
                            "What is copied or exported stays masked."));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_find, 1);
    row->addWidget(m_findCount);
    row->addWidget(m_unmask);
    connect(m_find, &QLineEdit::textChanged, this, [this] {
        updateFindCount();
        find(false);
    });
    connect(m_find, &QLineEdit::returnPressed, this,
        [this] { find(QGuiApplication::keyboardModifiers().testFlag(Qt::ShiftModifier)); });
    connect(m_unmask, &QCheckBox::toggled, this, &DetailPane::unmask);
    if (m_context.privacy != nullptr) {
        connect(m_context.privacy, &Privacy::changed, this,
            [this] { m_unmask->setChecked(m_context.privacy->mode() == PersonalData::Shown); });
    }
    return bar;
}

QWidget* DetailPane::makeButtons()
{
    auto* bar = new QWidget(this);
    const auto button = [bar](const QString& name, const QString& text) {
        auto* made = new QPushButton(text, bar);
        made->setObjectName(name);
        made->setAccessibleName(text);
        return made;
    };
    m_copy = button(QStringLiteral("dlq_copy"), tr("Copy"));
    m_copy->setToolTip(tr("Copies the text of this tab, masked"));
    m_copyCurl = button(QStringLiteral("dlq_copyCurl"), tr("Copy as curl"));
    m_copyCurl->setToolTip(tr("Secrets become $NAME, personal data stays masked"));
    m_replay = button(QStringLiteral("dlq_replayThis"), tr("Replay this…"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_copy);
    row->addWidget(m_copyCurl);
    row->addStretch(1);
    row->addWidget(m_replay);
    connect(m_copy, &QPushButton::clicked, this, &DetailPane::copyText);
    connect(m_copyCurl, &QPushButton::clicked, this,
        [this] { QGuiApplication::clipboard()->setText(curlText()); });
    connect(m_replay, &QPushButton::clicked, this, [this] {
        if (m_id)
            Q_EMIT replayRequested(engine::toInt(*m_id));
    });
    return bar;
}

void DetailPane::show(std::optional<engine::DeadLetterId> id)
{
    if (id && id == m_id && m_detail)
        return;
    m_id = id;
    ++m_generation;
    m_detail.reset();
    for (auto* button : { m_copy, m_copyCurl, m_replay })
        button->setEnabled(false);
    if (!id) {
        m_delay.stop();
        m_summary->setText(tr("No entry selected"));
        m_reason->setText(tr("Select a row to read its payload and the platform's answer."));
        for (auto* view : { m_payload, m_response, m_request })
            view->setText({});
        m_attempts->setRowCount(0);
        m_diff->clear();
        return;
    }
    m_delay.start(); // the old text stays until the new one is here: no flicker while walking
}

void DetailPane::read()
{
    if (!m_id)
        return;
    using Answer = engine::Result<engine::DeadLetterDetail>;
    m_context.engine.deadLetterDetail(*m_id,
        m_context.engine.replyTo<Answer>(this, [this, generation = m_generation](Answer answer) {
            if (generation == m_generation)
                accept(std::move(answer));
        }));
}

void DetailPane::accept(engine::Result<engine::DeadLetterDetail> answer)
{
    if (!answer) {
        m_summary->setText(tr("Could not read this entry"));
        m_reason->setText(toQString(answer.error().message));
        for (auto* view : { m_payload, m_response, m_request })
            view->setText({});
        return;
    }
    m_detail = std::move(*answer);
    for (auto* button : { m_copy, m_copyCurl, m_replay })
        button->setEnabled(true);
    showReplay();
    m_copyCurl->setEnabled(hasRequest());
    showSummary();
    showTexts();
    showAttempts();
    m_diff->setDetail(*m_detail);
}

void DetailPane::setGuard(const Guard& guard)
{
    m_guard = guard;
    showReplay();
}

void DetailPane::showReplay()
{
    const bool isWaiting = m_detail && m_detail->row.state == engine::DeadLetterState::Waiting;
    m_replay->setEnabled(isWaiting && m_guard.isAllowed);
    m_replay->setToolTip(m_guard.isAllowed
            ? tr("Opens the replay page with this entry; nothing is sent yet")
            : m_guard.whyNot);
}

void DetailPane::showSummary()
{
    const auto& row = m_detail->row;
    m_summary->setText(
        QStringLiteral("%1 · %2").arg(toQString(row.eventId), shardLabel(row.shard)));
    QStringList facts { outcomeWord(row.outcome) };
    if (row.httpStatus != 0)
        facts += tr("HTTP %1").arg(row.httpStatus);
    if (!row.code.empty())
        facts += tr("code %1").arg(toQString(row.code));
    QString reason = facts.join(QStringLiteral(" · "));
    if (!row.message.empty())
        reason += QStringLiteral(": ") + maskText(toQString(row.message));
    if (!m_detail->encoder.empty())
        reason += u'\n' + tr("Encoded by %1").arg(toQString(m_detail->encoder));
    m_reason->setText(reason);
}

// Not without a reason that the audit keeps; once there is one, it holds for ten minutes.
void DetailPane::unmask(bool isWanted)
{
    auto* privacy = m_context.privacy;
    if (isWanted && privacy != nullptr && privacy->mode() == PersonalData::Masked) {
        const QSignalBlocker block(m_unmask);
        m_unmask->setChecked(false);
        return askUnmask(*privacy, this);
    }
    showTexts();
}

void DetailPane::layOut(TextView* view, const std::string& text)
{
    const auto personal = m_unmask->isChecked() ? PersonalData::Shown : PersonalData::Masked;
    const JsonOptions options { .personalData = personal, .secretPrefix = platformPrefix() };
    const auto done = m_context.engine.replyTo<QString>(
        view, [this, view, layout = m_layout](const QString& pretty) {
            if (layout != m_layout)
                return;
            view->setText(pretty);
            updateFindCount();
        });
    // 30 MB take a second to lay out and mask; that second belongs to no thread that draws.
    m_worker.start([text, options, done] { done(formatJson(text, options)); });
}

void DetailPane::showTexts()
{
    if (!m_detail)
        return;
    ++m_layout; // those under way are for another entry or other settings
    if (m_detail->isPayloadGone)
        m_payload->setNotice(
            tr("Payload gone: retention has removed the event. It cannot be replayed."));
    else
        layOut(m_payload, m_detail->payload);
    if (m_detail->response.empty())
        m_response->setNotice(tr("No answer was kept: none came, or it was empty."));
    else
        layOut(m_response, m_detail->response);
    if (m_detail->responseBytes > static_cast<std::int64_t>(m_detail->response.size()))
        m_tabs->setTabToolTip(1,
            tr("%1 came; the first %2 are kept")
                .arg(formatBytes(m_detail->responseBytes),
                    formatBytes(static_cast<std::int64_t>(m_detail->response.size()))));
    if (m_detail->requestHead.empty() && m_detail->record.empty())
        m_request->setNotice(tr("Refused before anything was sent."));
    else
        m_request->setText(maskText(toQString(m_detail->requestHead)) + QStringLiteral("\n\n")
            + formatJson(m_detail->record,
                { .personalData
                    = m_unmask->isChecked() ? PersonalData::Shown : PersonalData::Masked,
                    .secretPrefix = platformPrefix() }));
    updateFindCount();
}

void DetailPane::showAttempts()
{
    const auto& attempts = m_detail->attempts;
    m_attempts->setRowCount(static_cast<int>(attempts.size()));
    for (int i = 0; i < static_cast<int>(attempts.size()); ++i) {
        const auto& attempt = attempts[static_cast<std::size_t>(i)];
        const QString took = attempt.endedAt
            ? formatLatency(std::chrono::floor<engine::Millis>(*attempt.endedAt - attempt.sentAt))
            : QString(kDash);
        QString message = maskText(toQString(attempt.message));
        if (!attempt.code.empty())
            message = toQString(attempt.code) + u' ' + message;
        const QStringList cells {
            attempt.number == 0 ? tr("given back") : QString::number(attempt.number),
            formatStamp(attempt.sentAt), took, outcomeWord(attempt.outcome),
            attempt.httpStatus == 0 ? QString(kDash) : QString::number(attempt.httpStatus), message
        };
        for (int column = 0; column < cells.size(); ++column) {
            auto* item = new QTableWidgetItem(cells.at(column));
            item->setToolTip(column == 1 ? formatUtc(attempt.sentAt)
                                         : tr("Lane %1, records in the request: %2")
                                               .arg(QLatin1String(engine::toString(attempt.lane)),
                                                   formatExact(attempt.batchRecords)));
            m_attempts->setItem(i, column, item);
        }
    }
    const QList<int> widths { 46, 116, 64, 82, 48 };
    for (int column = 0; column < widths.size(); ++column)
        m_attempts->setColumnWidth(column, widths.at(column));
}

// Laid out again for the clipboard, because what is on screen may be unmasked.
void DetailPane::copyText() const
{
    if (!m_detail)
        return;
    const JsonOptions options { .secretPrefix = platformPrefix() };
    QString text;
    if (currentText() == m_payload)
        text = formatJson(m_detail->payload, options);
    else if (currentText() == m_response)
        text = formatJson(m_detail->response, options);
    else if (currentText() == m_request)
        text = maskText(toQString(m_detail->requestHead)) + QStringLiteral("\n\n")
            + formatJson(m_detail->record, options);
    QGuiApplication::clipboard()->setText(text);
}

TextView* DetailPane::currentText() const
{
    return qobject_cast<TextView*>(m_tabs->currentWidget());
}

void DetailPane::find(bool isBackward)
{
    if (auto* view = currentText())
        view->find(m_find->text(), isBackward);
}

void DetailPane::updateFindCount()
{
    const auto* view = currentText();
    const bool isAsked = view != nullptr && !m_find->text().isEmpty();
    m_findCount->setText(
        isAsked ? tr("%n found", nullptr, view->findCount(m_find->text())) : QString());
    m_find->setEnabled(view != nullptr);
    m_copy->setEnabled(view != nullptr && m_detail.has_value());
}

void DetailPane::setMasked() { m_unmask->setChecked(false); }

void DetailPane::focusFind()
{
    m_find->setFocus(Qt::ShortcutFocusReason);
    m_find->selectAll();
}

QString DetailPane::platformPrefix() const
{
    if (!m_detail)
        return {};
    const auto snapshot = m_context.engine.snapshot();
    for (const auto& destination : snapshot->destinations) {
        if (destination.name == m_detail->row.shard.destination)
            return toQString(destination.platform).toUpper();
    }
    return toQString(m_detail->row.shard.destination).toUpper();
}

bool DetailPane::hasRequest() const { return m_detail && !m_detail->requestHead.empty(); }

QString DetailPane::curlText() const
{
    return m_detail ? toCurl(*m_detail, platformPrefix()) : QString();
}

} // namespace ui
