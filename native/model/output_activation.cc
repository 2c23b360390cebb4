#include "model/output_activation.h"

#include <string>
#include <unordered_set>

namespace fep {
namespace {

using torch::jit::Node;
using torch::jit::Value;

bool is_sigmoid(const Node& node) {
  return node.kind() == at::aten::sigmoid || node.kind() == at::aten::sigmoid_ ||
         node.kind() == at::aten::special_expit || node.kind() == at::aten::hardsigmoid;
}

/// Operators that return the numbers of their first input.
bool passes_on(const Node& node) {
  static const std::unordered_set<std::string> names{
      "aten::view",   "aten::reshape",   "aten::flatten",    "aten::squeeze",    "aten::unsqueeze",
      "aten::mean",   "aten::select",    "aten::slice",      "aten::transpose",  "aten::permute",
      "aten::to",     "aten::float",     "aten::type_as",    "aten::contiguous", "aten::clone",
      "aten::amax",   "aten::unflatten", "aten::view_as",    "aten::narrow",     "prim::TupleUnpack",
      "aten::expand", "fep::detach",     "prim::ListUnpack", "aten::cat",        "aten::stack",
      "aten::clamp",  "aten::clamp_min", "aten::clamp_max",  "aten::max",        "aten::min",
      "aten::amin",   "aten::chunk",     "aten::split",      "aten::hstack",     "aten::concat"};
  return names.contains(node.kind().toQualString());
}

/// Tuples, lists and dictionaries: any of what is in them may be the answer.
bool collects(const Node& node) {
  return node.kind() == at::prim::TupleConstruct || node.kind() == at::prim::ListConstruct ||
         node.kind() == at::prim::DictConstruct;
}

bool comes_from_sigmoid(const Value* value) {
  const auto& node = *value->node();
  if (is_sigmoid(node)) return true;
  if (passes_on(node)) return comes_from_sigmoid(node.inputs()[0]);
  for (const auto* branch : node.blocks()) {
    const auto outputs = branch->outputs();
    if (value->offset() < outputs.size() && comes_from_sigmoid(outputs[value->offset()])) return true;
  }
  if (!collects(node)) return false;
  for (const auto* part : node.inputs()) {
    if (comes_from_sigmoid(part)) return true;
  }
  return false;
}

}  // namespace

bool ends_in_sigmoid(const torch::jit::Graph& graph) {
  for (const auto* output : graph.outputs()) {
    if (comes_from_sigmoid(output)) return true;
  }
  return false;
}

}  // namespace fep
