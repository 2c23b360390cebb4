#pragma once

#include <napi.h>

#include "model/model_check.h"

namespace fep {

/// binding.d.ts `ModelCheck`, from and to JavaScript, which keeps it for the next load.
ModelCheck read_model_check(const Napi::Object& object);
Napi::Object model_check_object(Napi::Env env, const ModelCheck& check);

}  // namespace fep
