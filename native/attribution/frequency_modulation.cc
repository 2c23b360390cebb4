#include "attribution/frequency_modulation.h"

#include <ATen/ATen.h>

#include "ops/frequency.h"

namespace fep {
namespace {

/// Adds a gradient on the frame's pixels to one on the canvas, in place: gradients are used once.
at::Tensor add_on_frame(const at::Tensor& canvas_gradient, const at::Tensor& frame_gradient,
                        const MaskGenerator& generator) {
  generator.frame(canvas_gradient).add_(frame_gradient);
  return canvas_gradient;
}

at::Tensor modulated_on_parameters(const MaskGradients& gradients, const SmoothMask& mask,
                                   const MaskGenerator& generator, const FrequencyModulation& modulation) {
  if (modulation.part == FrequencyModulation::Part::energy) {
    return frequency_modulate(parameter_gradient(gradients, mask, generator), modulation.low_ratio,
                              modulation.high_ratio);
  }
  const auto nothing = at::zeros_like(gradients.regularization);
  const auto reward = generator.backward(add_on_frame(nothing, gradients.reward, generator), mask);
  return frequency_modulate(reward, modulation.low_ratio, modulation.high_ratio) +
         generator.backward(gradients.regularization, mask);
}

at::Tensor modulated_on_mask(const MaskGradients& gradients, const SmoothMask& mask,
                             const MaskGenerator& generator, const FrequencyModulation& modulation) {
  auto frame = generator.frame(gradients.regularization);
  if (modulation.part == FrequencyModulation::Part::energy) {
    frame.copy_(frequency_modulate(frame + gradients.reward, modulation.low_ratio, modulation.high_ratio));
  } else {
    frame.add_(frequency_modulate(gradients.reward, modulation.low_ratio, modulation.high_ratio));
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
