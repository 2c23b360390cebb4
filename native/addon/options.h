#pragma once

#include <napi.h>

#include "attribution/extremal_perturbation.h"
#include "model/torchscript_model.h"

namespace fep {

/// binding.d.ts `ExtremalPerturbationOptions`, checked.
ExtremalPerturbationOptions read_options(const Napi::Object& object);

/// binding.d.ts `Perturbation`, checked.
Perturbation read_perturbation(const Napi::Object& object);

/// binding.d.ts `ModelSpec`, checked.
struct LoadRequest {
  std::string path;
  at::Device device = at::kCPU;
  ModelSpec spec;
  std::optional<Reference> reference;
  std::optional<Randomisation> randomisation;
  int threads = 0;
};
LoadRequest read_load_request(const Napi::Object& object);

}  // namespace fep
