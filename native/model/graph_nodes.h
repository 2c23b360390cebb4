#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <memory>
#include <vector>

namespace fep {

/// All nodes of a graph, those of branches and loops and of graphs that nodes hold, as of torch.jit.fork,
/// too. Listed beforehand, so that whoever visits them may change the graph.
std::vector<torch::jit::Node*> all_nodes(const std::shared_ptr<torch::jit::Graph>& graph);

}  // namespace fep
