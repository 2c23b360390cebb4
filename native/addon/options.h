#pragma once

#include <napi.h>

#include "attribution/extremal_perturbation.h"
#include "model/model_file.h"

namespace fep {

/// The seed of the random numbers that a model draws in a run; 0 where the options give none.
std::uint64_t read_run_seed(const Napi::Object& options);

/// Whether a run's progress brings the mask; not where the options do not say so.
bool wants_progress_masks(const Napi::Object& options);

/// One class for each clip of a run, below `classes`; −1 stands for the predicted one.
Targets read_targets(const Napi::Value& value, std::int64_t classes);

/// binding.d.ts `ModelForm`, from and to JavaScript.
ModelForm read_form(const Napi::Object& object);
Napi::Object form_object(Napi::Env env, const ModelForm& form);

/// binding.d.ts `ModelSpec`, checked.
struct LoadRequest {
  ModelFile file;
  bool tune = false;  ///< take the fastest form instead of the spec's
  int threads = 0;
};
LoadRequest read_load_request(const Napi::Object& object);

}  // namespace fep
