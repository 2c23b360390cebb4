#include "model/memory_format.h"

#include <torch/csrc/jit/runtime/graph_iterator.h>

namespace fep {
namespace {

bool is_convolution(const torch::jit::Node& node) {
  const auto kind = node.kind();
  return kind == at::aten::conv2d || kind == at::aten::conv3d || kind == at::aten::_convolution;
}

at::MemoryFormat layout_of(const at::Tensor& weight, MemoryFormat format) {
  if (format == MemoryFormat::contiguous) return at::MemoryFormat::Contiguous;
  return weight.dim() == 5 ? at::MemoryFormat::ChannelsLast3d : at::MemoryFormat::ChannelsLast;
}

}  // namespace

bool set_memory_format(std::shared_ptr<torch::jit::Graph>& graph, MemoryFormat format) {
  if (format == MemoryFormat::exported) return false;
  bool moved = false;
  torch::jit::DepthFirstGraphNodeIterator nodes(graph);
  while (auto* node = nodes.next()) {
    if (!is_convolution(*node)) continue;
    auto* source = node->input(1)->node();
    if (source->kind() != at::prim::Constant || !source->hasAttribute(at::attr::value)) continue;
    const auto& weight = source->t(at::attr::value);
    if (weight.dim() < 4) continue;
    const auto layout = layout_of(weight, format);
    if (weight.is_contiguous(layout)) continue;
    source->t_(at::attr::value, weight.contiguous(layout));
    moved = true;
  }
  return moved;
}

}  // namespace fep
