#include "attribution/frequency_modulation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "ops/frequency/frequency.h"

namespace fep {
namespace {

at::Tensor modulated(const at::Tensor& gradient, const std::optional<FrequencyBands>& bands) {
  if (!bands) return gradient;
  return frequency_modulate(gradient, bands->low_ratio, bands->high_ratio, bands->temporal_low_ratio,
                            bands->temporal_high_ratio);
}

at::Tensor modulated(const at::Tensor& gradient, const BandsNow& bands) {
  if (bands.size() == 1) return modulated(gradient, bands.front());
  const auto n = static_cast<std::int64_t>(bands.size());
  const auto by_setting = gradient.unflatten(0, {-1, n}).unbind(1);
  std::vector<at::Tensor> results;
  for (std::size_t i = 0; i < bands.size(); ++i)
    results.push_back(modulated(by_setting[i].contiguous(), bands[i]));
  return at::stack(results, 1).flatten(0, 1);
}

/// How far the bands have opened in iteration t of n, from 0 to 1.
double opened(std::int64_t t, std::int64_t n, const BandCourse& course) {
  if (course.kind == BandCourse::Kind::constant) return 0;
  const double share = static_cast<double>(t) / static_cast<double>(n);
  if (share >= course.end) return 1;
  return std::max(0.0, (share - course.begin) / (course.end - course.begin));
}

/// Adds a gradient on the frame's pixels to one on the canvas, in place: gradients are used once.
at::Tensor add_on_frame(const at::Tensor& canvas_gradient, const at::Tensor& frame_gradient,
                        const MaskGenerator& generator) {
  generator.frame(canvas_gradient).add_(frame_gradient);
  return canvas_gradient;
}

at::Tensor modulated_on_parameters(const MaskGradients& gradients, const SmoothMask& mask,
                                   const MaskGenerator& generator, FrequencyModulation::Part part,
                                   const BandsNow& bands) {
  if (part == FrequencyModulation::Part::energy) {
    return modulated(parameter_gradient(gradients, mask, generator), bands);
  }
  const auto nothing = at::zeros_like(gradients.regularization);
  const auto reward = generator.backward(add_on_frame(nothing, gradients.reward, generator), mask);
  return modulated(reward, bands) + generator.backward(gradients.regularization, mask);
}

at::Tensor modulated_on_mask(const MaskGradients& gradients, const SmoothMask& mask,
                             const MaskGenerator& generator, FrequencyModulation::Part part,
                             const BandsNow& bands) {
  auto frame = generator.frame(gradients.regularization);
  if (part == FrequencyModulation::Part::energy) {
    frame.copy_(modulated(frame + gradients.reward, bands));
  } else {
    frame.add_(modulated(gradients.reward, bands));
  }
  return generator.backward(gradients.regularization, mask);
}

}  // namespace

std::optional<FrequencyBands> bands_at(std::int64_t t, std::int64_t n, const BandSetting& setting) {
  const double w = opened(t, n, setting.course);
  if (w >= 1) return std::nullopt;
  const auto& [low, high, temporal_low, temporal_high] = setting.start;
  return FrequencyBands{std::lerp(low, 1, w), (1 - w) * high, std::lerp(temporal_low, 1, w),
                        (1 - w) * temporal_high};
}

BandsNow bands_at(std::int64_t t, std::int64_t n, const FrequencyModulation& modulation) {
  BandsNow bands;
  for (const auto& setting : modulation.settings) bands.push_back(bands_at(t, n, setting));
  return bands;
}

at::Tensor parameter_gradient(const MaskGradients& gradients, const SmoothMask& mask,
                              const MaskGenerator& generator) {
  return generator.backward(add_on_frame(gradients.regularization, gradients.reward, generator), mask);
}

at::Tensor modulated_parameter_gradient(const MaskGradients& gradients, const SmoothMask& mask,
                                        const MaskGenerator& generator, const FrequencyModulation& modulation,
                                        const BandsNow& bands) {
  if (std::ranges::none_of(bands, [](const auto& band) { return band.has_value(); })) {
    return parameter_gradient(gradients, mask, generator);
  }
  return modulation.domain == FrequencyModulation::Domain::parameters
             ? modulated_on_parameters(gradients, mask, generator, modulation.part, bands)
             : modulated_on_mask(gradients, mask, generator, modulation.part, bands);
}

}  // namespace fep
