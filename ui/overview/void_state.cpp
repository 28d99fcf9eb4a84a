#include "overview/void_state.h"

#include "theme/theme.h"

#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

namespace ui {

using namespace std::chrono_literals;

VoidState::VoidState(const Theme& theme, const QString& list, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_list(list)
    , m_text(new QLabel(this))
    , m_button(new QPushButton(this))
    , m_skeletonDelay(new QTimer(this))
{
    m_text->setTextFormat(Qt::PlainText);
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setWordWrap(true);
    m_skeletonDelay->setSingleShot(true);
    m_skeletonDelay->setInterval(150ms);
    connect(m_skeletonDelay, &QTimer::timeout, this, qOverload<>(&QWidget::update));
    connect(m_button, &QPushButton::clicked, this, [this] { Q_EMIT actionTriggered(m_kind); });
    auto* layout = new QVBoxLayout(this);
    layout->addStretch(2);
    layout->addWidget(m_text);
    layout->addSpacing(kSpace);
    layout->addWidget(m_button, 0, Qt::AlignHCenter);
    layout->addStretch(3);
    setVisible(false);
}

void VoidState::show(Kind kind, const QString& text, const QString& action)
{
    static const auto suffix = [](Kind of) {
        switch (of) {
        case Kind::None:
            break;
        case Kind::Loading:
            return QStringLiteral("_loading");
        case Kind::Empty:
            return QStringLiteral("_empty");
        case Kind::FilteredEmpty:
            return QStringLiteral("_filteredEmpty");
        case Kind::Failed:
            return QStringLiteral("_error");
        }
        return QString {};
    };
    m_kind = kind;
    setObjectName(m_list + suffix(kind));
    m_button->setObjectName(m_list + QStringLiteral("_retry"));
    m_text->setText(text);
    m_button->setText(action);
    m_button->setAccessibleName(action);
    m_button->setVisible(!action.isEmpty());
    if (kind == Kind::Loading)
        m_skeletonDelay->start();
    setVisible(kind != Kind::None);
    update();
}

void VoidState::clear() { show(Kind::None, {}); }

void VoidState::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Token::Surface));
    if (m_kind != Kind::Loading || m_skeletonDelay->isActive())
        return;
    const int step = m_theme.rowHeight();
    int width = 3;
    for (int y = kSpaceLarge; y + step < height(); y += step) {
        painter.fillRect(
            QRect(kSpaceLarge, y, this->width() * width / 8, 8), m_theme.color(Token::GridLine));
        width = width % 5 + 2;
    }
}

} // namespace ui
