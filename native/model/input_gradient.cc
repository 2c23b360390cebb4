#include "model/input_gradient.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>

#include "model/model_failure.h"
#include "model/out_of_memory.h"

namespace fep {
namespace {

[[noreturn]] void refuse() {
  throw GradientError(
      "No gradient of the model's answer reaches the clip: something in it cannot be differentiated, as "
      "quantised layers, detach() or no_grad().");
}

}  // namespace

at::Tensor input_gradient(const at::Tensor& of, const at::Tensor& input) {
  return input_gradients(of, {input})[0];
}

std::vector<at::Tensor> input_gradients(const at::Tensor& of, const std::vector<at::Tensor>& inputs) {
  if (!of.requires_grad()) refuse();
  std::vector<at::Tensor> gradients;
  try {
    gradients = torch::autograd::grad({of}, inputs, {}, {}, false, /*allow_unused=*/true);
  } catch (const std::exception& error) {
    if (is_out_of_memory(error)) throw;
    throw ModelRunError("The model's backward pass failed", reason_of(error));
  }
  if (std::none_of(gradients.begin(), gradients.end(), [](const auto& g) { return g.defined(); })) refuse();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!gradients[i].defined()) gradients[i] = at::zeros_like(inputs[i]);
  }
  return gradients;
}

}  // namespace fep
