#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace fep {

/// The clip at `levels` strengths of Gaussian blur, from σ = max_sigma (level 0) down to none (last level), σ
/// falling linearly: Extremal Perturbations' blur pyramid. Kernels reach ⌈4σ⌉ pixels to each side and are
/// normalised; the clip is padded with zeros, in normalised space, as the published code does.
///
/// clip: C×T×H×W. Returns levels×C×T×H×W.
at::Tensor blur_pyramid(const at::Tensor& clip, std::int64_t levels = 8, double max_sigma = 20);

/// Perturbation operator M ⊗ X of Eq. (1): each pixel is read from the pyramid at level m·(levels − 1),
/// linearly interpolated; m = 1 keeps the pixel (last level), m = 0 perturbs it fully (level 0). A pyramid of
/// two levels, [replacement, clip], is the `fade` perturbation.
///
/// pyramid: levels×C×T×H×W; mask: N×T×H×W in [0, 1]. Returns N×C×T×H×W.
at::Tensor perturb(const at::Tensor& pyramid, const at::Tensor& mask);

/// Gradient of perturb with respect to the mask. It is 0 where m = 1, as in the published code, whose upper
/// level index clamps there.
at::Tensor perturb_backward(const at::Tensor& gradient, const at::Tensor& pyramid, const at::Tensor& mask);

}  // namespace fep
