#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/model_check.h"
#include "model/model_spec.h"

namespace fep {

/// What a model must answer to a known input: torch.randn of one clip in the model's own layout, from a CPU
/// generator seeded with `seed`.
struct Reference {
  std::uint64_t seed = 0;
  std::vector<double> outputs;
};

/// Which of a model's parameters forget what they learned.
struct Randomisation {
  std::uint64_t seed = 0;
  double share = 1;  ///< of the parameter tensors, counted from the output, in (0, 1]
};

/// A model's file, and how it is to be loaded.
struct ModelFile {
  std::string path;
  ModelSpec spec;
  at::Device device = at::kCPU;
  std::optional<Reference> reference;
  std::optional<Randomisation> randomisation;
  bool form_was_compared = false;   ///< the form's gradient with the exported one's, as tuning does
  std::optional<ModelCheck> check;  ///< the result of an earlier check; the model is then not checked again
};

}  // namespace fep
