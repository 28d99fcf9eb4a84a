// What is masked, and showing it for a while with a reason. GUI thread only.
#pragma once

#include "settings/settings_pages.h"

class QLabel;
class QLineEdit;
class QPushButton;

namespace ui {

class Privacy;

class PrivacyPage final : public SettingsPage {
    Q_OBJECT
public:
    // `privacy` may be null: then nothing can be shown.
    PrivacyPage(Privacy* privacy, QWidget* parent);

    [[nodiscard]] bool canReset() const override { return false; }
    void reset() override { }

protected:
    void showSettings() override { }

private:
    void showState();

    Privacy* m_privacy;
    QLineEdit* m_reason;
    QPushButton* m_show;
    QPushButton* m_mask;
    QLabel* m_state;
};

} // namespace ui
