#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <memory>

namespace fep {

/// Replaces convolutions, matrix products and attention, in which nearly all of a network's arithmetic is, by
/// operators that return zeros of the sizes that the originals would return. A graph so changed shows the
/// sizes of everything that passes through it in a small part of the time.
///
/// The multiply-accumulates that are left out are counted by an OperationCounter all the same.
void skip_products(const std::shared_ptr<torch::jit::Graph>& graph);

}  // namespace fep
