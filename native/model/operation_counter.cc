#include "model/operation_counter.h"

#include <ATen/ATen.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace fep {
namespace {

using Inputs = c10::ArrayRef<const c10::IValue>;

/// The counter of this thread's operators.
thread_local OperationCounter* current = nullptr;

/// The cost of a call: a fixed part, and one for each element that it returns.
struct Cost : at::ObserverContext {
  Cost(std::int64_t whole, std::int64_t per_element) : whole(whole), per_element(per_element) {}
  std::int64_t whole;
  std::int64_t per_element;
};

using CostOf = std::function<Cost(Inputs)>;

Cost convolution(Inputs inputs) {
  const auto input = inputs[0].toTensor(), weight = inputs[1].toTensor();
  const auto each = convolution_work_each(weight);
  const bool transposed = inputs[6].toBool();
  return transposed ? Cost{input.numel() * each, 0} : Cost{0, each};
}

/// The product of a…×n×k and a…×k×m, the inputs at `first` and `first` + 1.
CostOf product(std::size_t first) {
  return [first](Inputs inputs) {
    const auto left = inputs[first].toTensor(), right = inputs[first + 1].toTensor();
    return Cost{left.numel() * (right.dim() > 1 ? right.size(-1) : 1), 0};
  };
}

/// oneDNN's LSTM and GRU over T×N×inputs: both weights for every step.
Cost recurrent_layer(Inputs inputs) {
  const auto input = inputs[0].toTensor();
  const auto steps = input.numel() / input.size(-1);
  return {steps * (inputs[1].toTensor().numel() + inputs[2].toTensor().numel()), 0};
}

Cost attention(Inputs inputs) {
  return {attention_work(inputs[0].toTensor(), inputs[1].toTensor(), inputs[2].toTensor()), 0};
}

/// Only operators that do the work themselves, so that nothing is counted twice.
const std::map<std::string_view, CostOf>& operators() {
  static const std::map<std::string_view, CostOf> table{
      {"aten::_convolution", convolution},
      {"aten::mm", product(0)},
      {"aten::bmm", product(0)},
      {"aten::mv", product(0)},
      {"aten::addmm", product(1)},
      {"aten::baddbmm", product(1)},
      {"aten::addmv", product(1)},
      {"aten::mkldnn_rnn_layer", recurrent_layer},
      {"aten::_scaled_dot_product_flash_attention_for_cpu", attention},
      {"aten::_scaled_dot_product_flash_attention", attention},
      {"aten::_scaled_dot_product_efficient_attention", attention},
      {"aten::_scaled_dot_product_cudnn_attention", attention},
  };
  return table;
}

std::unique_ptr<at::ObserverContext> on_start(const at::RecordFunction& call) {
  if (!current) return nullptr;
  const auto found = operators().find(call.name());
  return found == operators().end() ? nullptr : std::make_unique<Cost>(found->second(call.inputs()));
}

void on_end(const at::RecordFunction& call, at::ObserverContext* context) {
  const auto* cost = static_cast<const Cost*>(context);
  if (!current || !cost) return;
  const auto elements = cost->per_element == 0 ? 0 : call.outputs().front().toTensor().numel();
  current->add(cost->whole + cost->per_element * elements);
}

}  // namespace

std::int64_t attention_work(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value) {
  const auto scores = query.numel() / query.size(-1) * key.size(-2);
  return scores * (query.size(-1) + value.size(-1));
}

std::int64_t convolution_work_each(const at::Tensor& weight) {
  return weight.numel() / weight.size(0);
}

OperationCounter::OperationCounter()
    : previous_(std::exchange(current, this)),
      handle_(at::addThreadLocalCallback(at::RecordFunctionCallback(on_start, on_end)
                                             .needsInputs(true)
                                             .needsOutputs(true)
                                             .scopes({at::RecordScope::FUNCTION}))) {}

void OperationCounter::count(std::int64_t multiply_accumulates) {
  if (current) current->add(multiply_accumulates);
}

OperationCounter::~OperationCounter() {
  at::removeCallback(handle_);
  current = previous_;
}

}  // namespace fep
