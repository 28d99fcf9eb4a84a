#include "window/start_fault.h"

#include "format/format.h"
#include "overview/void_state.h"
#include "theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace ui {

StartFault::StartFault(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_state(new VoidState(theme, QStringLiteral("start"), this))
{
    setObjectName(QStringLiteral("start_fault"));
    setWindowTitle(tr("Spillway"));
    resize(720, 420);
    auto* copy = new QPushButton(tr("Copy details"), this);
    copy->setObjectName(QStringLiteral("start_copy"));
    copy->setAccessibleName(tr("Copy error details"));
    auto* quit = new QPushButton(tr("Quit"), this);
    quit->setObjectName(QStringLiteral("start_quit"));
    quit->setAccessibleName(quit->text());
    auto* row = new QHBoxLayout;
    row->setContentsMargins(kSpaceLarge, kSpace, kSpaceLarge, kSpace);
    row->addStretch(1);
    row->addWidget(copy);
    row->addWidget(quit);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_state, 1);
    column->addLayout(row);
    connect(m_state, &VoidState::actionTriggered, this, &StartFault::retryRequested);
    connect(copy, &QPushButton::clicked, this,
        [this] { QGuiApplication::clipboard()->setText(m_detail); });
    connect(quit, &QPushButton::clicked, this, &QWidget::close);
}

void StartFault::setError(const engine::Error& error)
{
    const QString cause = tr("The engine did not start: %1.").arg(toQString(error.message));
    const QString detail = toQString(error.detail);
    m_detail = detail.isEmpty() ? cause : cause + u'\n' + detail;
    m_state->show(VoidState::Kind::Failed, m_detail, tr("Retry"));
}

} // namespace ui
