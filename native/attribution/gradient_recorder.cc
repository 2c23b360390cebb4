#include "attribution/gradient_recorder.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace fep {

bool GradientRecorder::wants(std::int64_t iteration) const {
  return std::binary_search(options_.iterations.begin(), options_.iterations.end(), iteration);
}

void GradientRecorder::keep_parts(std::int64_t iteration, const at::Tensor& parameters,
                                  const SmoothMask& smooth, const at::Tensor& mask,
                                  const MaskGradients& gradients) {
  const auto& [reward, regularization] = gradients;
  if (options_.domain == FrequencyModulation::Domain::mask) {
    records_.push_back(
        {iteration, mask.clone(), reward.clone(), generator_.frame(regularization).clone(), {}});
    return;
  }
  const auto on_canvas = at::zeros_like(regularization);
  generator_.frame(on_canvas).copy_(reward);
  records_.push_back({iteration,
                      parameters.clone(),
                      generator_.backward(on_canvas, smooth),
                      generator_.backward(regularization, smooth),
                      {}});
}

void GradientRecorder::keep_applied(const at::Tensor& applied, const MaskGradients& used) {
  const bool on_pixels = options_.domain == FrequencyModulation::Domain::mask;
  records_.back().applied = (on_pixels ? generator_.frame(used.regularization) : applied).clone();
}

}  // namespace fep
