#include "attribution/frequency_modulation.h"

#include <ATen/ATen.h>

#include <cstddef>
#include <cstdint>

#include "ops/frequency/frequency.h"

namespace fep {
namespace {

at::Tensor modulated(const at::Tensor& gradient, const FrequencyBands& bands) {
  return frequency_modulate(gradient, bands.low_ratio, bands.high_ratio, bands.temporal_low_ratio,
                            bands.temporal_high_ratio);
}

at::Tensor modulated(const at::Tensor& gradient, const FrequencyModulation& modulation) {
  const auto& settings = modulation.settings;
  if (settings.size() == 1) return modulated(gradient, settings.front());
  const auto n = static_cast<std::int64_t>(settings.size());
  const auto by_setting = gradient.unflatten(0, {-1, n}).unbind(1);
  std::vector<at::Tensor> results;
  for (std::size_t i = 0; i < settings.size(); ++i)
    results.push_back(modulated(by_setting[i].contiguous(), settings[i]));
  return at::stack(results, 1).flatten(0, 1);
}

/// Adds a gradient on the frame's pixels to one on the canvas, in place: gradients are used once.
at::Tensor add_on_frame(const at::Tensor& canvas_gradient, const at::Tensor& frame_gradient,
                        const MaskGenerator& generator) {
  generator.frame(canvas_gradient).add_(frame_gradient);
  return canvas_gradient;
}

at::Tensor modulated_on_parameters(const MaskGradients& gradients, const SmoothMask& mask,
                                   const MaskGenerator& generator, const FrequencyModulation& modulation) {
  if (modulation.part == FrequencyModulation::Part::energy) {
    return modulated(parameter_gradient(gradients, mask, generator), modulation);
  }
  const auto nothing = at::zeros_like(gradients.regularization);
  const auto reward = generator.backward(add_on_frame(nothing, gradients.reward, generator), mask);
  return modulated(reward, modulation) + generator.backward(gradients.regularization, mask);
}

at::Tensor modulated_on_mask(const MaskGradients& gradients, const SmoothMask& mask,
                             const MaskGenerator& generator, const FrequencyModulation& modulation) {
  auto frame = generator.frame(gradients.regularization);
  if (modulation.part == FrequencyModulation::Part::energy) {
    frame.copy_(modulated(frame + gradients.reward, modulation));
  } else {
    frame.add_(modulated(gradients.reward, modulation));
  }
  return generator.backward(gradients.regularization, mask);
}

}  // namespace

at::Tensor parameter_gradient(const MaskGradients& gradients, const SmoothMask& mask,
                              const MaskGenerator& generator) {
  return generator.backward(add_on_frame(gradients.regularization, gradients.reward, generator), mask);
}

at::Tensor modulated_parameter_gradient(const MaskGradients& gradients, const SmoothMask& mask,
                                        const MaskGenerator& generator,
                                        const FrequencyModulation& modulation) {
  return modulation.domain == FrequencyModulation::Domain::parameters
             ? modulated_on_parameters(gradients, mask, generator, modulation)
             : modulated_on_mask(gradients, mask, generator, modulation);
}

}  // namespace fep
