#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "attribution/mask_generator.h"
#include "common/enum_names.h"

namespace fep {

/// Which frequencies Eq. (6) keeps.
struct FrequencyBands {
  double low_ratio = 0.5, high_ratio = 0.2;                    ///< r_l and r_h along H and W
  double temporal_low_ratio = 0.5, temporal_high_ratio = 0.2;  ///< along T

  bool operator==(const FrequencyBands&) const = default;
};

/// How the bands change from the first iteration to the last. The paper has them constant. From coarse to
/// fine, they open until every frequency passes: low frequencies give the mask its place, the others its
/// outline.
struct BandCourse {
  enum class Kind { constant, coarse_to_fine };
  Kind kind = Kind::constant;
  double begin = 0.2, end = 0.7;  ///< shares of the run between which they open
};

/// The bands at the start of a run, and their course.
struct BandSetting {
  FrequencyBands start;
  BandCourse course;
};

/// The bands of iteration t of n; none where every frequency passes. While they open, r_l grows to 1 and r_h
/// falls to 0 in the same proportion, so that r_l + r_h <= 1 throughout.
std::optional<FrequencyBands> bands_at(std::int64_t t, std::int64_t n, const BandSetting& setting);

/// F-EP's modulation of the mask's gradient, Eq. (4) to (7), and where it is applied.
struct FrequencyModulation {
  /// Where ∇M lives; the paper does not say.
  enum class Domain {
    parameters,  ///< on the grid of free parameters, T×⌈H/step⌉×⌈W/step⌉
    mask,        ///< on the frame's pixels, T×H×W, before the mask generator's backward
  };
  /// Which part of ∇M is filtered.
  enum class Part {
    energy,  ///< all of it, the area term too: Eq. (6) as printed
    reward,  ///< the model's part only
  };
  /// The settings that run side by side: mask n has setting n modulo their number.
  std::vector<BandSetting> settings = {{}};
  Domain domain = Domain::parameters;
  Part part = Part::energy;
};

/// The bands of all settings in one iteration.
using BandsNow = std::vector<std::optional<FrequencyBands>>;
BandsNow bands_at(std::int64_t t, std::int64_t n, const FrequencyModulation& modulation);

template <>
inline constexpr auto kNames<BandCourse::Kind> = std::to_array<Named<BandCourse::Kind>>(
    {{"constant", BandCourse::Kind::constant}, {"coarse-to-fine", BandCourse::Kind::coarse_to_fine}});
template <>
inline constexpr auto kNames<FrequencyModulation::Domain> = std::to_array<Named<FrequencyModulation::Domain>>(
    {{"parameters", FrequencyModulation::Domain::parameters}, {"mask", FrequencyModulation::Domain::mask}});
template <>
inline constexpr auto kNames<FrequencyModulation::Part> = std::to_array<Named<FrequencyModulation::Part>>(
    {{"energy", FrequencyModulation::Part::energy}, {"reward", FrequencyModulation::Part::reward}});

/// The two gradients of one iteration before they are added: the model's on the frame's pixels (N×T×H×W), the
/// regularisation's on the canvas (N×T×H_c×W_c). The sum is built in the latter, which on the domain `mask`
/// is modulated in place.
struct MaskGradients {
  at::Tensor reward;
  at::Tensor regularization;
};

/// ∇M of Eq. (2), taken back to the free parameters.
at::Tensor parameter_gradient(const MaskGradients& gradients, const SmoothMask& mask,
                              const MaskGenerator& generator);

/// ∇M̃ of Eq. (6) with these bands, taken back to the free parameters.
at::Tensor modulated_parameter_gradient(const MaskGradients& gradients, const SmoothMask& mask,
                                        const MaskGenerator& generator, const FrequencyModulation& modulation,
                                        const BandsNow& bands);

}  // namespace fep
