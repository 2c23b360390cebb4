#include "model/graph_nodes.h"

namespace fep {
namespace {

void collect(torch::jit::Block* block, std::vector<torch::jit::Node*>& nodes) {
  for (auto* node : block->nodes()) {
    nodes.push_back(node);
    for (auto* inner : node->blocks()) collect(inner, nodes);
    if (node->hasAttribute(at::attr::Subgraph)) collect(node->g(at::attr::Subgraph)->block(), nodes);
  }
}

}  // namespace

std::vector<torch::jit::Node*> all_nodes(const std::shared_ptr<torch::jit::Graph>& graph) {
  std::vector<torch::jit::Node*> nodes;
  collect(graph->block(), nodes);
  return nodes;
}

}  // namespace fep
