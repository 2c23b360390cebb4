#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <memory>

namespace fep {

/// Puts the operators of frozen networks (network/frozen_convolution.h, network/frozen_batch_norm.h,
/// network/rectify.h) in the place of PyTorch's in a frozen graph. They compute the same, and keep less for
/// the backward pass, which has to reach the clip alone.
///
/// any_order: whether convolutions may add up, and so round, otherwise than PyTorch's.
///
/// Left as they are: transposed convolutions, batch normalisations that take a batch's own statistics, and a
/// ReLU in place whose input somebody else reads.
void use_frozen_operators(std::shared_ptr<torch::jit::Graph>& graph, bool any_order);

}  // namespace fep
