#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <memory>

namespace fep {

/// Replaces PyTorch's operators in a frozen graph by those of frozen networks (network/frozen_convolution.h,
/// network/frozen_batch_norm.h, network/rectify.h). They compute the same and keep less for the backward
/// pass, which has to reach only the clip.
///
/// any_order: whether convolutions may sum, and so round, in another order than PyTorch's.
///
/// Left unchanged: transposed convolutions, batch normalisations that use a batch's own statistics, and an
/// in-place ReLU whose input is read elsewhere.
void use_frozen_operators(std::shared_ptr<torch::jit::Graph>& graph, bool any_order);

}  // namespace fep
