#include "widgets/privacy.h"

#include "format/format.h"
#include "widgets/command_runner.h"

#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QPushButton>

namespace ui {

Privacy::Privacy(engine::EnginePort& engine, QObject* parent)
    : QObject(parent)
    , m_engine(engine)
{
    connect(&m_timer, &QTimer::timeout, this, &Privacy::tick);
}

PersonalData Privacy::mode() const
{
    return m_left.count() > 0 ? PersonalData::Shown : PersonalData::Masked;
}

engine::Seconds Privacy::left() const { return m_left; }

// Nothing is shown that the audit does not know of.
void Privacy::show(const QString& reason)
{
    engine::Command command { .what = engine::NoteCommand { .action = "unmask",
                                  .target = "personal data in payloads",
                                  .before = "masked",
                                  .after = "shown for 10 minutes" },
        .who = currentUser(),
        .reason = reason.trimmed().toStdString() };
    if (command.reason.empty())
        return Q_EMIT refused(tr("A reason is needed; the audit keeps it."));
    using Result = engine::CommandResult;
    m_engine.submit(
        std::move(command), m_engine.replyTo<Result>(this, [this](const Result& result) {
            if (!result.isOk)
                return Q_EMIT refused(toQString(result.message));
            m_left = kShownFor;
            m_timer.start(1'000);
            Q_EMIT changed();
        }));
}

void Privacy::hide()
{
    if (m_left.count() > 0)
        end("by hand");
}

void Privacy::tick()
{
    if (m_left.count() > 1) {
        --m_left;
        Q_EMIT ticked();
    } else if (m_left.count() == 1) {
        end("the ten minutes are over");
    }
}

void Privacy::end(const std::string& reason)
{
    m_left = engine::Seconds { 0 };
    m_timer.stop();
    m_engine.submit({ .what = engine::NoteCommand { .action = "mask",
                          .target = "personal data in payloads",
                          .before = "shown",
                          .after = "masked" },
                        .who = currentUser(),
                        .reason = reason },
        [](const engine::CommandResult&) {});
    Q_EMIT changed();
}

void askUnmask(Privacy& privacy, QWidget* parent)
{
    auto* dialog = new QInputDialog(parent);
    dialog->setObjectName(QStringLiteral("unmask_dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(Privacy::tr("Show personal data"));
    dialog->setLabelText(
        Privacy::tr("Payloads will show it for 10 minutes; copies and exports stay masked.\n"
                    "Why do you need it? The audit keeps the reason."));
    dialog->setOkButtonText(Privacy::tr("Show for 10 minutes"));
    QObject::connect(dialog, &QInputDialog::textValueSelected, &privacy, &Privacy::show);
    dialog->open();
}

PrivacyBar::PrivacyBar(Privacy& privacy, QWidget* parent)
    : QFrame(parent)
    , m_privacy(privacy)
    , m_text(new QLabel(this))
{
    setObjectName(QStringLiteral("privacy_bar"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::AlternateBase);
    m_text->setObjectName(QStringLiteral("privacy_text"));
    m_text->setTextFormat(Qt::PlainText);
    auto* mask = new QPushButton(tr("Mask again"), this);
    mask->setObjectName(QStringLiteral("privacy_mask"));
    mask->setAccessibleName(tr("Mask personal data again"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 4, 4);
    row->addWidget(m_text, 1);
    row->addWidget(mask);
    connect(mask, &QPushButton::clicked, &m_privacy, &Privacy::hide);
    connect(&m_privacy, &Privacy::changed, this, &PrivacyBar::showTime);
    connect(&m_privacy, &Privacy::ticked, this, &PrivacyBar::showTime);
    showTime();
}

void PrivacyBar::showTime()
{
    setVisible(m_privacy.mode() == PersonalData::Shown);
    m_text->setText(tr("Personal data in payloads is shown in clear for %1 more.")
                        .arg(formatDuration(m_privacy.left())));
}

} // namespace ui
