// The pages of the settings dialog that are plain forms. Each begins with the settings it is given,
// reports every change at once, and can go back to the defaults. GUI thread only.
#pragma once

#include "settings/console_settings.h"

#include <QWidget>

#include <functional>

class QComboBox;
class QFormLayout;

namespace ui {

// One page of the dialog; it edits its own part of the settings only.
class SettingsPage : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SettingsPage)
public:
    SettingsPage(ConsoleSettings settings, QWidget* parent);

    [[nodiscard]] const ConsoleSettings& settings() const { return m_settings; }
    [[nodiscard]] virtual bool canReset() const { return true; }
    // Another page, or the menu, changed something: shown without being reported.
    void setSettings(const ConsoleSettings& settings);
    virtual void reset() = 0;
    [[nodiscard]] QString searchText() const; // everything that is written on the page

Q_SIGNALS:
    void changed();

protected:
    virtual void showSettings() = 0;
    void addNote(const QString& text);
    void addFact(const QString& name, const QString& value, const QString& objectName = {});
    void edit(const std::function<void(ConsoleSettings&)>& change);

private:
    ConsoleSettings m_settings;
};

class AppearancePage final : public SettingsPage {
    Q_OBJECT
public:
    AppearancePage(const ConsoleSettings& settings, QWidget* parent);
    void reset() override;

protected:
    void showSettings() override;

private:
    QComboBox* m_theme;
    QComboBox* m_density;
    QComboBox* m_motion;
};

class ChartsPage final : public SettingsPage {
    Q_OBJECT
public:
    ChartsPage(const ConsoleSettings& settings, QWidget* parent);
    void reset() override;

protected:
    void showSettings() override;

private:
    QComboBox* m_span;
    QComboBox* m_axis;
};

class TuningPage final : public SettingsPage {
    Q_OBJECT
public:
    TuningPage(const ConsoleSettings& settings, QWidget* parent);
    void reset() override;

protected:
    void showSettings() override;

private:
    QComboBox* m_dragging;
};

class TimePage final : public SettingsPage {
    Q_OBJECT
public:
    TimePage(const ConsoleSettings& settings, QWidget* parent);
    void reset() override;

protected:
    void showSettings() override;

private:
    QComboBox* m_zone;
};

class NotificationPage final : public SettingsPage {
    Q_OBJECT
public:
    NotificationPage(const ConsoleSettings& settings, QWidget* parent);
    void reset() override;

protected:
    void showSettings() override;

private:
    QComboBox* m_attention;
};

// What belongs to the engine and is only shown, and where it is changed.
class EnginePage : public SettingsPage {
    Q_OBJECT
public:
    explicit EnginePage(QWidget* parent)
        : SettingsPage({}, parent)
    {
    }
    [[nodiscard]] bool canReset() const override { return false; }
    void reset() override { }

protected:
    void showSettings() override { }
};

// The profile, its safety level, and what each level asks.
class ProfilePage final : public EnginePage {
    Q_OBJECT
public:
    ProfilePage(const engine::EngineSnapshot& snapshot, QWidget* parent);
};

class RetentionPage final : public EnginePage {
    Q_OBJECT
public:
    RetentionPage(const engine::EngineSnapshot& snapshot, QWidget* parent);
};

[[nodiscard]] QString safetyWord(engine::SafetyLevel level); // "Guarded"

} // namespace ui
