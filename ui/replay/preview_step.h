// Step 2: what would be sent, what would not and why. Step 3 is the pace. GUI thread.
#pragma once

#include "replay/replay_draft.h"
#include "window/page.h"

#include <QWidget>

class QCheckBox;
class QDoubleSpinBox;
class QGridLayout;
class QLabel;
class QRadioButton;
class QTableWidget;

namespace ui {

class PreviewStep final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PreviewStep)
public:
    explicit PreviewStep(const ConsoleContext& context, QWidget* parent = nullptr);

    void setDraft(const ReplayDraft& draft);
    [[nodiscard]] bool includeUnknown() const;
    [[nodiscard]] bool includeSameError() const;

Q_SIGNALS:
    void changed(); // what is taken in
    void recountRequested();

private:
    QLabel* addCount(QGridLayout& grid, int column, const QString& name, const QString& title,
        const QString& explanation);
    void showShards(const engine::ReplayPreview& preview);

    const ConsoleContext& m_context;
    QLabel* m_head;
    QLabel* m_sum;
    QLabel* m_matched { nullptr };
    QLabel* m_willSend { nullptr };
    QLabel* m_alreadyAccepted { nullptr };
    QLabel* m_superseded { nullptr };
    QLabel* m_payloadGone { nullptr };
    QLabel* m_tooOld { nullptr };
    QLabel* m_sameError { nullptr };
    QLabel* m_unknown { nullptr };
    QCheckBox* m_takeUnknown;
    QCheckBox* m_takeSameError;
    QTableWidget* m_table;
};

class PaceStep final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PaceStep)
public:
    explicit PaceStep(const ConsoleContext& context, QWidget* parent = nullptr);

    void setDraft(const ReplayDraft& draft); // for the estimate
    void writeTo(ReplayDraft& draft) const;

Q_SIGNALS:
    void changed();

private:
    void finishLayout(QLabel* intro, QGridLayout* grid);
    void showEstimate();

    const ConsoleContext& m_context;
    ReplayDraft m_draft {};
    std::vector<QRadioButton*> m_presets {};
    QRadioButton* m_custom { nullptr };
    QRadioButton* m_fixed { nullptr };
    QDoubleSpinBox* m_percent { nullptr };
    QDoubleSpinBox* m_rate { nullptr };
    QCheckBox* m_ramp { nullptr };
    QLabel* m_estimate { nullptr };
};

} // namespace ui
