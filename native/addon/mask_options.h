#pragma once

#include <napi.h>

#include "attribution/extremal_perturbation.h"

namespace fep {

/// binding.d.ts `ExtremalPerturbationOptions`, checked.
ExtremalPerturbationOptions read_mask_options(const Napi::Object& object);

/// The options as JavaScript would give them, without what concerns a single run (seed, memory, record):
/// tests compare it with what was read, so that no field is forgotten on the way.
Napi::Object mask_options_object(Napi::Env env, const ExtremalPerturbationOptions& options);

/// binding.d.ts `PictureOptions`, checked.
std::optional<PictureOptions> read_wanted_pictures(const Napi::Value& value);

/// binding.d.ts `Perturbation`, checked.
Perturbation read_perturbation(const Napi::Object& object);

}  // namespace fep
