#pragma once

#include <napi.h>

#include <vector>

#include "model/video_model.h"

namespace fep {

/// binding.d.ts `Layer[]`.
Napi::Array layers_array(Napi::Env env, const std::vector<Layer>& layers);

}  // namespace fep
