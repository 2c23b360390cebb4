#pragma once

#include <napi.h>

#include "attribution/attribute.h"

namespace fep {

/// A saliency method with its options, as lib/methods/native.ts gives them, checked.
AttributionMethod read_attribution_options(const Napi::Object& object);

/// The options as JavaScript would give them: tests compare it with what was read, so that no field is
/// forgotten on the way.
Napi::Object attribution_options_object(Napi::Env env, AttributionMethod method);

}  // namespace fep
