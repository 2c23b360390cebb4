#pragma once

#include <ATen/core/Tensor.h>

namespace fep {

/// perturb with the published code's rounding; see Arithmetic::published.
///
/// pyramid: levels×C×T×H×W; mask: N×T×H×W in [0, 1]. Returns N×C×T×H×W.
at::Tensor published_perturb(const at::Tensor& pyramid, const at::Tensor& mask);

/// perturb_backward with the published code's rounding.
at::Tensor published_perturb_backward(const at::Tensor& gradient, const at::Tensor& pyramid,
                                      const at::Tensor& mask);

}  // namespace fep
