// Personal data and secrets taken out of what is shown, copied or exported, and JSON laid out for
// reading. Pure; safe in any thread, and slow enough for large payloads to belong in a worker.
#pragma once

#include <QString>
#include <QStringView>

#include <string>

namespace engine {

// E-mail addresses, telephone numbers with a leading + and IP addresses become "[e-mail]" and so
// on, in every language alike, wherever they stand. A bare run of digits stays: it is far more
// often an id.
[[nodiscard]] QString maskText(const QString& text);

enum class PersonalData { Masked, Shown };

// JSON indented by two spaces. Every number and every string keeps its bytes: nothing is parsed
// into a double, and escapes stay as they came. With Masked, values of keys that name personal data
// (email, phone, ip, …) are replaced whatever they look like, and all other strings are searched.
// Values of keys that name secrets (access_token, password, …) are replaced in both cases, by
// `secretName` ("$META_ACCESS_TOKEN") with the key in capitals. What is no JSON comes back as it
// is, masked as text.
struct JsonOptions {
    PersonalData personalData { PersonalData::Masked };
    QString secretPrefix {}; // "META": $META_ACCESS_TOKEN; empty: $ACCESS_TOKEN
    bool isIndented { true };
};
[[nodiscard]] QString formatJson(const std::string& json, const JsonOptions& options = {});

// Something in it stands for personal data.
[[nodiscard]] bool isMasked(const QString& text);

// "$META_ACCESS_TOKEN": how a secret is named in what is copied.
[[nodiscard]] QString secretVariable(const QString& prefix, const QString& key);
[[nodiscard]] bool isSecretName(QStringView name); // of a JSON key, header or query parameter

} // namespace engine
