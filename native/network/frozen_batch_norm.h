#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

namespace fep {

/// Batch normalisation by running statistics, whose parameters are not learned. Its backward scales each
/// channel, where PyTorch's keeps the input as well. Values and gradients are PyTorch's to the last bit.
///
/// input: N×C×…; all others of C elements, without gradients.
at::Tensor frozen_batch_norm(const at::Tensor& input, const std::optional<at::Tensor>& weight,
                             const std::optional<at::Tensor>& bias, const at::Tensor& running_mean,
                             const at::Tensor& running_var, double eps);

}  // namespace fep
