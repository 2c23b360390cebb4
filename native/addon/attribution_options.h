#pragma once

#include <napi.h>

#include "attribution/attribute.h"

namespace fep {

/// binding.d.ts `AttributionOptions`, checked.
AttributionMethod read_attribution_method(const Napi::Object& object);

}  // namespace fep
