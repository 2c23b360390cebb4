#pragma once

#include <c10/core/ScalarType.h>
#include <torch/csrc/jit/ir/ir.h>

#include <memory>

namespace fep {

/// Lets a graph run in bfloat16 where it would stop for a number format. Does nothing for other formats.
///
/// avg_pool3d has no bfloat16 on a CPU: it gets float32, and what it returns is rounded. Attention wants one
/// format for queries, keys and values, of which rotary embeddings make two; layer normalisation wants that
/// of its weights. A cast to the format that a tensor has already costs nothing.
void settle_operators(const std::shared_ptr<torch::jit::Graph>& graph, c10::ScalarType type);

}  // namespace fep
