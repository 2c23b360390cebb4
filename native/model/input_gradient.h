#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace fep {

/// ∂of/∂input by the model's backward pass; `of` is one number.
///
/// @throws GradientError   nothing that can be differentiated leads from the input to it
/// @throws ModelRunError   the backward pass failed; running out of memory is thrown as it is
at::Tensor input_gradient(const at::Tensor& of, const at::Tensor& input);

/// The same with respect to several, in one backward pass; zeros for those that nothing leads from.
///
/// @throws GradientError   nothing leads from any of them
std::vector<at::Tensor> input_gradients(const at::Tensor& of, const std::vector<at::Tensor>& inputs);

}  // namespace fep
