#pragma once

#include <ATen/core/Tensor.h>

namespace fep {

/// ∂of/∂input by the model's backward pass; `of` is one number.
///
/// @throws GradientError   nothing that can be differentiated leads from the input to it
/// @throws ModelRunError   the backward pass failed; running out of memory is thrown as it is
at::Tensor input_gradient(const at::Tensor& of, const at::Tensor& input);

}  // namespace fep
