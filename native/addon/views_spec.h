#pragma once

#include <napi.h>

#include "model/averaged_views.h"

namespace fep {

/// binding.d.ts `ViewsSpec`, checked: views of what `own` takes, all inside the clip.
ViewsSpec read_views_spec(const Napi::Object& object, const ModelSpec& own);

}  // namespace fep
