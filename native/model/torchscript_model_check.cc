// What is checked of a model when it is loaded: that it runs, that it answers its reference, and how it can
// be explained.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <limits>

#include "model/input_gradient.h"
#include "model/model_failure.h"
#include "model/out_of_memory.h"
#include "model/torchscript_model.h"

namespace fep {
namespace {

/// Relative to the largest reference output. Float32 sums in another order differ by about 1e-6; a wrong
/// layout or channel order differs by far more.
constexpr double kReferenceTolerance = 1e-3;

bool names_gpu(const std::string& reason) {
  return reason.find("CUDA") != std::string::npos || reason.find("cuda") != std::string::npos;
}

std::string does_not_take(at::IntArrayRef sizes, const ModelSpec& spec, at::Device device,
                          const std::string& reason) {
  if (device.is_cpu() && names_gpu(reason)) {
    return "The model's code asks for a GPU, as that of a model traced on one does: export it from "
           "model.cpu(), "
           "traced with a clip on the CPU. libtorch says: " +
           reason;
  }
  return "The model does not take a clip of " + sizes_in_words(sizes) + " (layout " +
         std::string(name_of(spec.layout)) + "): " + reason;
}

}  // namespace

TorchScriptModel::FirstRun TorchScriptModel::run_first(const std::optional<Reference>& reference) {
  const at::NoGradGuard no_gradient;
  const auto sizes = input_sizes(spec_);
  const auto generator = at::detail::createCPUGenerator(reference ? reference->seed : 0);
  const auto input = at::randn(sizes, generator).to(device_);
  FirstRun first{input, {}};
  try {
    if (device_.is_cuda()) at::globalContext().setAllowTF32CuDNN(allow_tf32_);
    const auto returned = forward_->run(input);
    check_.returned = describe(returned);
    first.answer = answers(returned, 1).to(at::kFloat);
  } catch (const OutputError&) {
    throw;
  } catch (const std::exception& error) {  // the interpreter throws more than c10::Error
    if (is_out_of_memory(error)) throw;
    throw ModelLoadError(does_not_take(sizes, spec_, device_, reason_of(error)));
  }
  facts_.classes = first.answer.size(1);
  if (reference) check_reference(first.answer, *reference);
  // A class that is masked has a score of −∞.
  const auto is_wrong = first.answer.isnan() | (first.answer == std::numeric_limits<float>::infinity());
  if (!is_wrong.any().item<bool>()) return first;
  throw ModelLoadError(
      "The model answers a clip of random numbers by NaN or infinity: its weights, or a division, are "
      "amiss.");
}

void TorchScriptModel::check_reference(const at::Tensor& answer, const Reference& reference) const {
  const auto expected = at::tensor(reference.outputs, at::kDouble);
  if (expected.numel() != facts_.classes) {
    throw ReferenceError("The model returns " + std::to_string(facts_.classes) +
                         " outputs, its manifest's reference has " + std::to_string(expected.numel()));
  }
  const double difference = (answer[0].to(at::kCPU, at::kDouble) - expected).abs().max().item<double>();
  const double scale = std::max(expected.abs().max().item<double>(), 1e-6);
  if (!(difference <= kReferenceTolerance * scale)) {
    throw ReferenceError("The model answers its reference input differently than its manifest says: off by " +
                         std::to_string(difference) + " where " +
                         std::to_string(kReferenceTolerance * scale) + " is allowed");
  }
}

ModelCheck TorchScriptModel::check_anew(const FirstRun& first) {
  const auto answer = [this](const at::Tensor& input) { return run(input).to(at::kFloat); };
  const auto scores = [this](const at::Tensor& answer) { return scores_of(answer); };
  auto check =
      check_model({answer, scores, forward_->ends_in_sigmoid(), spec_.alone}, first.input, first.answer);
  check.returned = check_.returned;
  if (!forward_->has_state()) return check;
  check.repeatable = false;  // sooner or later, however slowly its state changes
  check.batch = ModelCheck::Batch::unknown;
  return check;
}

void TorchScriptModel::apply(const ModelCheck& check) {
  check_ = check;
  const bool is_raw = check.look != ModelCheck::Look::sigmoid;
  if (spec_.activation == Activation::sigmoid && is_raw) spec_.activation = Activation::sigmoid_of_scores;
  forward_->forget();
}

std::optional<std::string> TorchScriptModel::refuses_bfloat16() {
  const at::AutoGradMode with_gradient(has_gradient(check_));
  const auto options = at::TensorOptions(device_).dtype(at::kBFloat16);
  const auto clip = at::zeros(input_sizes(spec_), options).requires_grad_(has_gradient(check_));
  try {
    FrozenForward forward(archive_.module(), {}, at::kBFloat16);
    const auto answer = answers(forward.run(clip), 1);
    if (!clip.requires_grad()) return {};
    const auto gradient = fep::input_gradient(answer.to(at::kFloat).sum(), clip);
    if (at::isfinite(gradient).all().item<bool>()) return {};
    return "its gradient is not finite";
  } catch (const ModelRunError& error) {
    return error.reason();
  } catch (const std::exception& error) {
    if (is_out_of_memory(error)) throw;
    return reason_of(error);
  }
}

}  // namespace fep
