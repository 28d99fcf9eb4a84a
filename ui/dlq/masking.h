// What is shown, copied or exported holds no personal data and no secret: the engine's own masking.
#pragma once

#include <engine/masking.h>

namespace ui {

using engine::formatJson;
using engine::isMasked;
using engine::isSecretName;
using engine::JsonOptions;
using engine::maskText;
using engine::PersonalData;
using engine::secretVariable;

} // namespace ui
