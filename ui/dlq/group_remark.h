// What an operator says of the selected group: known, being fixed, fixed. GUI thread.
#pragma once

#include "guards/guard_rules.h"

#include <engine/commands.h>

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace ui {

class CommandRunner;

[[nodiscard]] QString groupStatusWord(engine::GroupStatus status); // "Fix pending"

class GroupRemark final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(GroupRemark)
public:
    GroupRemark(CommandRunner& runner, QWidget* parent = nullptr);

    void setGuard(const Guard& guard);
    void setGroup(const engine::DeadLetterGroup* group); // null: none is selected

Q_SIGNALS:
    void said(); // the groups are to be read again

private:
    void say();

    CommandRunner& m_runner;
    std::string m_fingerprint {};
    bool m_hasGroup { false };
    bool m_isAllowed { true };
    QComboBox* m_status;
    QLineEdit* m_note;
    QPushButton* m_say;
    QLabel* m_message;
};

} // namespace ui
