#include "platforms/accounts.h"

#include "platforms/adapter.h"

namespace engine::platforms {

Result<std::string> accountIn(
    const Json& event, const DestinationConfig& destination, const Adapter& adapter)
{
    const std::string& path = destination.accountFrom;
    const Json* const value = event.at(path);
    if (value == nullptr || value->isNull())
        return fail(ErrorCode::BadRequest, path + " is missing");
    if (!value->isString() && !value->isNumber())
        return fail(ErrorCode::BadRequest, path + " is neither a text nor a number");
    if (value->text().empty())
        return fail(ErrorCode::BadRequest, path + " is empty");
    if (!adapter.isAccountValid(value->text()))
        return fail(ErrorCode::BadRequest, path + " is not an account of " + destination.platform);
    return value->text();
}

Error tooManyAccounts(const DestinationConfig& destination)
{
    return { ErrorCode::BadRequest,
        "more than " + std::to_string(destination.accountsMax) + " accounts (accounts_max); "
            + destination.accountFrom + " names another one",
        {}, {} };
}

} // namespace engine::platforms
