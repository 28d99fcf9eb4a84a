#include "platforms/webhook_signature.h"

#include "platforms/hashing.h"

namespace engine::platforms {

Result<std::string> webhookSignature(std::string_view secrets, const SignedMessage& message)
{
    constexpr std::string_view kPrefix = "whsec_";
    std::string content(message.id);
    content += '.';
    content += std::to_string(message.timestamp);
    content += '.';
    content += message.body;

    std::string header;
    std::string_view rest = trimmed(secrets);
    while (!rest.empty()) {
        const auto space = rest.find(' ');
        std::string_view secret = rest.substr(0, space);
        rest = space == std::string_view::npos ? std::string_view {}
                                               : trimmed(rest.substr(space + 1));
        if (secret.starts_with(kPrefix))
            secret.remove_prefix(kPrefix.size());
        const auto key = fromBase64(secret);
        if (!key || key->empty())
            return fail(ErrorCode::BadRequest,
                "the signing secret is not whsec_ followed by Base64", "signing_secret");
        header += (header.empty() ? "v1," : " v1,") + toBase64(hmacSha256(*key, content));
    }
    if (header.empty())
        return fail(ErrorCode::BadRequest, "the signing secret is empty", "signing_secret");
    return header;
}

} // namespace engine::platforms
