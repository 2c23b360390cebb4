#pragma once

#include <torch/csrc/jit/ir/ir.h>

namespace fep {

/// Whether what a graph returns comes from a sigmoid through operators that only select, reorder or average
/// numbers.
bool ends_in_sigmoid(const torch::jit::Graph& graph);

}  // namespace fep
