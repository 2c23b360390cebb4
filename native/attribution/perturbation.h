#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>

#include "common/enum_names.h"

namespace fep {

/// What takes the place of a pixel that the mask does not keep.
struct Perturbation {
  enum class Kind {
    blur,  ///< the same pixel of the blurred clip
    fade,  ///< a constant colour
  };
  Kind kind = Kind::blur;
  std::int64_t levels = 8;            ///< blur: levels of the pyramid
  double max_sigma = 20;              ///< blur: σ of the strongest level, pixels
  std::array<double, 3> colour = {};  ///< fade: the colour in normalised space; the mean is {0, 0, 0}

  bool operator==(const Perturbation&) const = default;
};

template <>
inline constexpr auto kNames<Perturbation::Kind> = std::to_array<Named<Perturbation::Kind>>(
    {{"blur", Perturbation::Kind::blur}, {"fade", Perturbation::Kind::fade}});

/// The pyramid that ops/perturb/perturb.h reads, levels×C×T×H×W, from a clip C×T×H×W. Each thread, and so
/// each model, caches its last one, as methods, settings of an ablation and metrics follow each other on one
/// clip.
at::Tensor perturbation_pyramid(const at::Tensor& clip, const Perturbation& perturbation);

/// Frees the pyramid that this thread caches.
void forget_perturbation_pyramid();

}  // namespace fep
