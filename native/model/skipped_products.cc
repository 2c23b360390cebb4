#include "model/skipped_products.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/runtime/custom_operator.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "model/graph_nodes.h"
#include "model/operation_counter.h"

namespace fep {
namespace {

using torch::jit::Node;
using torch::jit::Stack;
using torch::jit::Value;

constexpr std::array kConvolutions{at::aten::conv1d, at::aten::conv2d, at::aten::conv3d,
                                   at::aten::_convolution};
constexpr std::array kProducts{at::aten::linear, at::aten::matmul,  at::aten::mm,     at::aten::bmm,
                               at::aten::addmm,  at::aten::baddbmm, at::aten::einsum, at::aten::addbmm};

template <std::size_t n>
bool is_one_of(const std::array<c10::Symbol, n>& kinds, const Node& node) {
  return std::find(kinds.begin(), kinds.end(), node.kind()) != kinds.end();
}

/// A tensor without numbers in the place of each.
c10::IValue without_numbers(const c10::IValue& value) {
  const auto meta = [](const at::Tensor& tensor) {
    return at::empty_strided(tensor.sizes(), tensor.strides(), tensor.options().device(at::kMeta));
  };
  if (value.isTensor()) return value.toTensor().defined() ? meta(value.toTensor()) : value;
  if (!value.isTensorList()) return value;
  c10::List<at::Tensor> list;
  for (const at::Tensor& tensor : value.toTensorList()) list.push_back(meta(tensor));
  return list;
}

/// The element of a convolution's setting for an axis; one number may stand for all.
std::int64_t setting(const std::vector<std::int64_t>& values, std::size_t axis) {
  return values[std::min(axis, values.size() - 1)];
}

/// The sizes that a convolution returns. Its inputs are (input, weight, bias, stride, padding, dilation, …),
/// and groups, the last of seven, or behind two more where it is a traced one.
at::DimVector sizes_of_convolution(const at::Tensor& input, const at::Tensor& weight,
                                   c10::ArrayRef<c10::IValue> inputs) {
  const auto stride = inputs[3].toIntVector(), dilation = inputs[5].toIntVector();
  const bool in_words = inputs[4].isString(), is_same = in_words && inputs[4].toStringRef() == "same";
  const auto padding = in_words ? std::vector<std::int64_t>{0} : inputs[4].toIntVector();
  const auto groups = inputs[inputs.size() == 7 ? 6 : 8].toInt();
  at::DimVector sizes(input.sizes());
  const auto axes = static_cast<std::size_t>(weight.dim() - 2), first = sizes.size() - axes;
  TORCH_CHECK(sizes[first - 1] == weight.size(1) * groups, "a convolution of ", weight.size(1) * groups,
              " channels got ", input.sizes());
  sizes[first - 1] = weight.size(0);
  for (std::size_t i = 0; i < axes && !is_same; ++i) {
    const auto reach = setting(dilation, i) * (weight.size(static_cast<std::int64_t>(i) + 2) - 1);
    sizes[first + i] = (sizes[first + i] + 2 * setting(padding, i) - reach - 1) / setting(stride, i) + 1;
  }
  return sizes;
}

/// Takes the number of its inputs too, as operators do that take any.
void skipped_convolution(Stack& stack) {
  const auto count = static_cast<std::size_t>(torch::jit::pop(stack).toInt());
  const auto inputs = torch::jit::last(stack, count);
  const auto input = inputs[0].toTensor(), weight = inputs[1].toTensor();
  const auto output = at::zeros(sizes_of_convolution(input, weight, inputs), input.options());
  OperationCounter::count(output.numel() * convolution_work_each(weight));
  torch::jit::drop(stack, count);
  torch::jit::push(stack, output);
}

/// Of queries …×L×E, keys …×S×E and values …×S×V: …×L×V.
void skipped_attention(Stack& stack) {
  const auto count = static_cast<std::size_t>(torch::jit::pop(stack).toInt());
  const auto inputs = torch::jit::last(stack, count);
  const auto query = inputs[0].toTensor(), key = inputs[1].toTensor(), value = inputs[2].toTensor();
  at::DimVector sizes(query.sizes());
  sizes.back() = value.size(-1);
  OperationCounter::count(attention_work(query, key, value));
  const auto options = query.options();
  torch::jit::drop(stack, count);
  torch::jit::push(stack, at::zeros(sizes, options));
}

/// Runs the operator of a name on tensors without numbers, which finds the sizes only.
void skipped_product(Stack& stack) {
  torch::jit::pop(stack);  // the number of its inputs, which the schema tells too
  const auto overload = torch::jit::pop(stack).toStringRef();
  const auto name = torch::jit::pop(stack).toStringRef();
  const auto op = c10::Dispatcher::singleton().findSchemaOrThrow(name.c_str(), overload.c_str());
  const auto inputs = stack.end() - static_cast<std::ptrdiff_t>(op.schema().arguments().size());
  std::transform(inputs, stack.end(), inputs, without_numbers);
  op.callBoxed(stack);
  const auto output = torch::jit::pop(stack).toTensor();
  torch::jit::push(stack, at::zeros(output.sizes(), output.options().device(at::kCPU)));
}

const torch::jit::RegisterOperators kOperators(
    {torch::jit::Operator("fep::skipped_convolution(...) -> Tensor", skipped_convolution,
                          c10::AliasAnalysisKind::CONSERVATIVE),
     torch::jit::Operator("fep::skipped_attention(...) -> Tensor", skipped_attention,
                          c10::AliasAnalysisKind::CONSERVATIVE),
     torch::jit::Operator("fep::skipped_product(...) -> Tensor", skipped_product,
                          c10::AliasAnalysisKind::CONSERVATIVE)});

/// Whether it is a convolution of the usual direction.
bool is_convolution(const Node& node) {
  if (!is_one_of(kConvolutions, node)) return false;
  return node.kind() != at::aten::_convolution ||
         torch::jit::constant_as<bool>(node.inputs()[6]) == std::optional(false);
}

/// A product of tensors, as einsum() and matmul() of one overload are.
bool is_product(const Node& node) {
  return is_one_of(kProducts, node) && node.maybeSchema() && node.outputs().size() == 1;
}

void replace(Node* node, const char* by, const std::vector<Value*>& inputs) {
  auto* graph = node->owningGraph();
  auto* other = graph->create(c10::Symbol::fromQualString(by), inputs);
  other->insertBefore(node);
  other->output()->setType(node->output()->type());
  node->output()->replaceAllUsesWith(other->output());
  node->destroy();
}

}  // namespace

void skip_products(const std::shared_ptr<torch::jit::Graph>& graph) {
  torch::jit::Inline(*graph);
  for (auto* node : all_nodes(graph)) {
    std::vector<Value*> inputs(node->inputs().begin(), node->inputs().end());
    if (is_convolution(*node)) {
      replace(node, "fep::skipped_convolution", inputs);
    } else if (node->kind() == at::aten::scaled_dot_product_attention) {
      replace(node, "fep::skipped_attention", inputs);
    } else if (is_product(*node)) {
      const torch::jit::WithInsertPoint before(node);
      const auto& schema = node->schema();
      inputs.push_back(graph->insertConstant(schema.name()));
      inputs.push_back(graph->insertConstant(schema.overload_name()));
      replace(node, "fep::skipped_product", inputs);
    }
  }
}

}  // namespace fep
