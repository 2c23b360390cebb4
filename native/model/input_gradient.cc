#include "model/input_gradient.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

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
  if (!of.requires_grad()) refuse();
  try {
    const auto gradients = torch::autograd::grad({of}, {input}, {}, {}, false, /*allow_unused=*/true);
    if (gradients[0].defined()) return gradients[0];
  } catch (const std::exception& error) {
    if (is_out_of_memory(error)) throw;
    throw ModelRunError("The model's backward pass failed", reason_of(error));
  }
  refuse();
}

}  // namespace fep
