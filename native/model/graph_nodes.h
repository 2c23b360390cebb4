#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <memory>
#include <vector>

namespace fep {

/// All nodes of a graph, including those of branches, loops and subgraphs, as of torch.jit.fork. A list, so
/// that the graph may be changed while it is visited.
std::vector<torch::jit::Node*> all_nodes(const std::shared_ptr<torch::jit::Graph>& graph);

}  // namespace fep
