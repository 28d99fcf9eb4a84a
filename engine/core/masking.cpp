#include <engine/masking.h>

#include <QHash>
#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <vector>

namespace engine {
namespace {

QString normalKey(QStringView name)
{
    QString key;
    for (const QChar c : name) {
        if (c.isLetterOrNumber())
            key += c.toLower();
    }
    return key;
}

enum class Kind { Plain, Email, Phone, Ip, Name, Address, BirthDate, Gender, PersonId, Secret };

// Personal fields by their name without case and punctuation, whatever the value looks like: a
// malformed address is personal too. Those of a shop's own events, and the short forms in which the
// platforms take the same facts (fn, ln, ct, st, zp, db, ge, em, ph), hashed or not: a hash of an
// address stands for one person as the address does.
const QHash<QString, Kind>& personalNames()
{
    static const QHash<QString, Kind> names = [] {
        QHash<QString, Kind> all;
        const auto add = [&all](Kind kind, std::initializer_list<const char*> of) {
            for (const char* name : of)
                all.insert(QLatin1String(name), kind);
        };
        add(Kind::Email,
            { "email", "emails", "em", "emailaddress", "mail", "useremail", "hashedemail",
                "hashedemails", "sha256email", "sha256emailaddress" });
        add(Kind::Phone,
            { "phone", "phones", "ph", "phonenumber", "phonenumbers", "mobile", "tel", "telephone",
                "userphone", "hashedphone", "hashedphonenumber", "sha256phonenumber" });
        add(Kind::Ip, { "ip", "ipaddress", "clientipaddress", "clientip", "userip" });
        add(Kind::Name,
            { "firstname", "lastname", "middlename", "fullname", "givenname", "familyname",
                "surname", "fn", "ln", "hashedfirstname", "hashedlastname", "customername",
                "recipientname" });
        add(Kind::Address,
            { "address", "address1", "address2", "addressline1", "addressline2", "street",
                "streetaddress", "street1", "street2", "housenumber", "city", "town", "zip",
                "zipcode", "postcode", "postalcode", "ct", "st", "zp" });
        add(Kind::BirthDate,
            { "dateofbirth", "birthdate", "birthday", "birthyear", "dob", "db", "doby", "dobm",
                "dobd" });
        add(Kind::Gender, { "gender", "sex", "ge" });
        add(Kind::PersonId,
            { "externalid", "externalids", "idfa", "idfv", "gaid", "aaid", "madid", "maid",
                "hashedmaids" });
        return all;
    }();
    return names;
}

Kind kindOf(QStringView name)
{
    return isSecretName(name) ? Kind::Secret : personalNames().value(normalKey(name), Kind::Plain);
}

QString placeholder(Kind kind)
{
    switch (kind) {
    case Kind::Email:
        return QStringLiteral("[e-mail]");
    case Kind::Phone:
        return QStringLiteral("[phone]");
    case Kind::Ip:
        return QStringLiteral("[ip]");
    case Kind::Name:
        return QStringLiteral("[name]");
    case Kind::Address:
        return QStringLiteral("[address]");
    case Kind::BirthDate:
        return QStringLiteral("[birth date]");
    case Kind::Gender:
        return QStringLiteral("[gender]");
    case Kind::PersonId:
        return QStringLiteral("[person id]");
    case Kind::Plain:
    case Kind::Secret:
        break;
    }
    return {};
}

// Lays out JSON token by token. It is a printer, not a parser: the stored bytes were checked when
// they were accepted, and a response may be no JSON at all, which isSound() finds out.
class JsonPrinter {
public:
    JsonPrinter(QStringView text, JsonOptions options)
        : m_text(text)
        , m_options(std::move(options))
    {
        m_out.reserve(text.size() + text.size() / 4);
    }

    QString print()
    {
        while (m_at < m_text.size() && m_isSound)
            step();
        return m_out;
    }
    [[nodiscard]] bool isSound() const
    {
        return m_isSound && m_levels.empty() && !m_out.isEmpty() && m_valuesAtTop == 1;
    }

private:
    struct Level {
        bool isObject { false };
        bool isEmpty { true };
        bool isKeyNext { false };
        Kind kind { Kind::Plain }; // of everything inside: an array of addresses
    };

    void step()
    {
        const QChar c = m_text.at(m_at);
        if (c.isSpace()) {
            ++m_at;
        } else if (c == u'{' || c == u'[') {
            open(c);
        } else if (c == u'}' || c == u']') {
            close(c);
        } else if (c == u',') {
            comma();
        } else if (c == u':') {
            m_out += m_options.isIndented ? QStringLiteral(": ") : QStringLiteral(":");
            ++m_at;
        } else if (c == u'"') {
            string();
        } else {
            scalar();
        }
    }

    void beginItem()
    {
        if (m_levels.empty()) {
            ++m_valuesAtTop;
            return;
        }
        Level& level = m_levels.back();
        const bool isAfterKey = level.isObject && !level.isKeyNext;
        if (!isAfterKey)
            newLine();
        level.isEmpty = false;
    }

    void open(QChar c)
    {
        beginItem();
        const Kind kind = valueKind();
        m_levels.push_back({ .isObject = c == u'{', .isKeyNext = c == u'{', .kind = kind });
        // Deeper than anything real: a bound on the indentation, not on the data.
        m_isSound = m_levels.size() <= 512;
        m_out += c;
        ++m_at;
    }

    void close(QChar c)
    {
        if (m_levels.empty() || m_levels.back().isObject != (c == u'}')) {
            m_isSound = false;
            return;
        }
        const bool wasEmpty = m_levels.back().isEmpty;
        m_levels.pop_back();
        if (!wasEmpty)
            newLine();
        m_out += c;
        ++m_at;
    }

    void comma()
    {
        m_isSound = !m_levels.empty();
        if (!m_isSound)
            return;
        m_levels.back().isKeyNext = m_levels.back().isObject;
        m_out += u',';
        ++m_at;
    }

    void string()
    {
        const auto end = endOfString();
        if (end < 0) {
            m_isSound = false;
            return;
        }
        const QStringView inner = m_text.mid(m_at + 1, end - m_at - 1);
        beginItem();
        const bool isKey = !m_levels.empty() && m_levels.back().isKeyNext;
        if (isKey) {
            m_key = kindOf(inner);
            m_keyName = inner.toString();
            m_levels.back().isKeyNext = false;
            m_out += u'"' + inner.toString() + u'"';
        } else {
            m_out += u'"' + shown(inner.toString(), valueKind()) + u'"';
        }
        m_at = end + 1;
    }

    void scalar()
    {
        qsizetype end = m_at;
        while (end < m_text.size() && !m_text.at(end).isSpace()
            && QStringView(u",:]}[{\"").indexOf(m_text.at(end)) < 0)
            ++end;
        const QString word = m_text.mid(m_at, end - m_at).toString();
        static const QRegularExpression known(
            QStringLiteral("^(true|false|null|-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?)$"));
        m_isSound = known.match(word).hasMatch();
        beginItem();
        const Kind kind = valueKind();
        const bool isHidden = kind == Kind::Secret
            || (kind != Kind::Plain && m_options.personalData == PersonalData::Masked);
        const bool isWord = word.at(0).isLetter(); // true, false, null say nothing about anyone
        m_out += isHidden && !isWord ? u'"' + shown(word, kind) + u'"' : word;
        m_at = end;
    }

    [[nodiscard]] Kind valueKind() const
    {
        if (m_levels.empty())
            return Kind::Plain;
        // What stands in a personal field is personal with all that is in it: "address": {"line":
        // …}.
        const Level& level = m_levels.back();
        return level.isObject && m_key != Kind::Plain ? m_key : level.kind;
    }

    [[nodiscard]] QString shown(const QString& value, Kind kind) const
    {
        if (kind == Kind::Secret)
            return secretVariable(m_options.secretPrefix, m_keyName);
        if (m_options.personalData == PersonalData::Shown)
            return value;
        return kind == Kind::Plain || value.isEmpty() ? maskText(value) : placeholder(kind);
    }

    [[nodiscard]] qsizetype endOfString() const
    {
        for (qsizetype i = m_at + 1; i < m_text.size(); ++i) {
            if (m_text.at(i) == u'\\')
                ++i;
            else if (m_text.at(i) == u'"')
                return i;
        }
        return -1;
    }

    void newLine()
    {
        if (!m_options.isIndented)
            return;
        m_out += u'\n';
        m_out += QString(static_cast<qsizetype>(m_levels.size()) * 2, u' ');
    }

    QStringView m_text;
    JsonOptions m_options;
    QString m_out {};
    qsizetype m_at { 0 };
    std::vector<Level> m_levels {};
    Kind m_key { Kind::Plain };
    QString m_keyName {};
    int m_valuesAtTop { 0 };
    bool m_isSound { true };
};

} // namespace

QString maskText(const QString& text)
{
    // Most text holds none of these; the cheap look first keeps large payloads quick.
    const bool mayHoldAny = text.contains(u'@') || text.contains(u'+') || text.contains(u'.')
        || text.contains(u':') || text.contains(u'%') || text.contains(u'\\');
    if (!mayHoldAny)
        return text;
    // An @ may be written as %40 in a URL or as \u0040 in JSON.
    static const QRegularExpression email(
        QStringLiteral("[\\w.+%-]+(?:@|%40|\\\\u0040)[\\w-]+(?:\\.[\\w-]+)*"),
        QRegularExpression::UseUnicodePropertiesOption | QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression phone(
        QStringLiteral("(?<![\\w+])\\+\\d(?:[ ().-]{0,2}\\d){6,14}(?!\\d)"));
    static const QRegularExpression ipv4(QStringLiteral(
        "(?<![\\w.])(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)"
        "(?![\\w]|\\.\\d)"));
    static const QRegularExpression ipv6(QStringLiteral(
        "(?<![\\w:])(?:[0-9A-Fa-f]{1,4}:){3,7}(?::|[0-9A-Fa-f]{1,4})(?::?[0-9A-Fa-f]{1,4})*"
        "(?![\\w:])|(?<![\\w:])(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6}(?![\\w:])"));
    QString masked = text;
    masked.replace(email, placeholder(Kind::Email));
    masked.replace(phone, placeholder(Kind::Phone));
    masked.replace(ipv4, placeholder(Kind::Ip));
    masked.replace(ipv6, placeholder(Kind::Ip));
    return masked;
}

bool isMasked(const QString& text)
{
    for (const Kind kind : { Kind::Email, Kind::Phone, Kind::Ip, Kind::Name, Kind::Address,
             Kind::BirthDate, Kind::Gender, Kind::PersonId }) {
        if (text.contains(placeholder(kind)))
            return true;
    }
    return false;
}

QString formatJson(const std::string& json, const JsonOptions& options)
{
    const QString text = QString::fromUtf8(json.data(), static_cast<qsizetype>(json.size()));
    JsonPrinter printer(text, options);
    QString printed = printer.print();
    if (printer.isSound())
        return printed;
    return options.personalData == PersonalData::Masked ? maskText(text) : text;
}

QString secretVariable(const QString& prefix, const QString& key)
{
    QString name = prefix.isEmpty() ? key : prefix + u'_' + key;
    for (QChar& c : name)
        c = c.isLetterOrNumber() && c.unicode() < 128 ? c.toUpper() : QChar(u'_');
    return u'$' + name;
}

bool isSecretName(QStringView name)
{
    static constexpr std::array<QLatin1String, 12> parts { QLatin1String("token"),
        QLatin1String("secret"), QLatin1String("password"), QLatin1String("passwd"),
        QLatin1String("authorization"), QLatin1String("apikey"), QLatin1String("writekey"),
        QLatin1String("accesskey"), QLatin1String("privatekey"), QLatin1String("credential"),
        QLatin1String("signature"), QLatin1String("cookie") };
    const QString key = normalKey(name);
    return std::any_of(
        parts.begin(), parts.end(), [&key](QLatin1String part) { return key.contains(part); });
}

} // namespace engine
