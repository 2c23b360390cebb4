#include "attribution/frequency_modulation.h"

#include <ATen/ATen.h>

#include "ops/frequency.h"

namespace fep {
namespace {

/// Adds a gradient on the frame's pixels to one on the canvas.
at::Tensor add_on_frame(const at::Tensor& canvas_gradient, const at::Tensor& frame_gradient,
                        const MaskGenerator& generator) {
  auto sum = canvas_gradient.clone();
  generator.frame(sum).add_(frame_gradient);
  return sum;
}

at::Tensor modulated_on_parameters(const MaskGradients& gradients, const at::Tensor& parameters,
                                   const MaskGenerator& generator, const FrequencyModulation& modulation) {
  if (modulation.part == FrequencyModulation::Part::energy) {
    return frequency_modulate(parameter_gradient(gradients, parameters, generator), modulation.low_ratio,
                              modulation.high_ratio);
  }
  const auto nothing = at::zeros_like(gradients.regularization);
  const auto reward = generator.backward(add_on_frame(nothing, gradients.reward, generator), parameters);
  return frequency_modulate(reward, modulation.low_ratio, modulation.high_ratio) +
         generator.backward(gradients.regularization, parameters);
}

at::Tensor modulated_on_mask(const MaskGradients& gradients, const at::Tensor& parameters,
                             const MaskGenerator& generator, const FrequencyModulation& modulation) {
  auto canvas = gradients.regularization.clone();
  auto frame = generator.frame(canvas);
  if (modulation.part == FrequencyModulation::Part::energy) {
    frame.copy_(frequency_modulate(frame + gradients.reward, modulation.low_ratio, modulation.high_ratio));
  } else {
    frame.add_(frequency_modulate(gradients.reward, modulation.low_ratio, modulation.high_ratio));
  }
  return generator.backward(canvas, parameters);
}

}  // namespace

at::Tensor parameter_gradient(const MaskGradients& gradients, const at::Tensor& parameters,
                              const MaskGenerator& generator) {
  return generator.backward(add_on_frame(gradients.regularization, gradients.reward, generator), parameters);
}

at::Tensor modulated_parameter_gradient(const MaskGradients& gradients, const at::Tensor& parameters,
                                        const MaskGenerator& generator,
                                        const FrequencyModulation& modulation) {
  return modulation.domain == FrequencyModulation::Domain::parameters
             ? modulated_on_parameters(gradients, parameters, generator, modulation)
             : modulated_on_mask(gradients, parameters, generator, modulation);
}

}  // namespace fep
