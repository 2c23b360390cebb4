#pragma once

#include <ATen/core/Tensor.h>

#include "network/convolution_shape.h"

namespace fep {

/// Whether phase_gradient() applies to a convolution and pays: one in two dimensions with a stride, and with
/// so few input channels (the colours of a picture) that a processor's vectors would stay mostly empty.
bool has_phase_gradient(const at::Tensor& input, const at::Tensor& weight, const ConvolutionShape& shape);

/// The gradient with respect to the input of a convolution with a stride s, as a convolution without one.
///
/// Let i + padding = s·q + r. The tap k = s·j + r of the kernel takes input i to output q − j, so that all
/// inputs of one phase r of both axes see one kernel, every s-th tap of the whole: the s² phases are channels
/// of one convolution of the output's gradient, laid out as pixels at the end. The sums are PyTorch's, in
/// another order.
///
/// gradient: N×C'×H'×W'; weight: C'×C×K×K'; input: N×C×H×W, of which the sizes are read.
at::Tensor phase_gradient(const at::Tensor& gradient, const at::Tensor& input, const at::Tensor& weight,
                          const ConvolutionShape& shape);

}  // namespace fep
