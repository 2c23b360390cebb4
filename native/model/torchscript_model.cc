#include "model/torchscript_model.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "model/fastest_form.h"
#include "model/out_of_memory.h"
#include "ops/tensor_pool.h"

namespace fep {
namespace {

/// Relative to the largest reference output. Float32 sums in another order differ by about 1e-6; a wrong
/// layout or channel order differs by far more.
constexpr double kReferenceTolerance = 1e-3;

/// How far a form may move the gradient of an output, relative to its norm: rounding moves it by about 1e-6,
/// and where a ReLU is close to 0 by more; a fold that went wrong by far more. A precision of fewer bits
/// moves it as exported already, bfloat16 by a third where weights are random; a form may do so a quarter
/// more.
constexpr double kDeparture = 1e-2, kMoreThanExported = 1.25;

/// The exported method that Grad-CAM looks behind, offered as a layer.
constexpr auto kFeatures = "features";

std::vector<std::int64_t> input_sizes(const ModelSpec& spec) {
  if (spec.layout == Layout::NCTHW) return {1, spec.channels, spec.frames, spec.height, spec.width};
  return {1, spec.frames, spec.channels, spec.height, spec.width};
}

std::string join(at::IntArrayRef sizes) {
  std::ostringstream text;
  for (std::size_t i = 0; i < sizes.size(); ++i) text << (i ? "x" : "") << sizes[i];
  return text.str();
}

/// The reason at the end of an interpreter's traceback; the lines before it name files of whoever exported
/// the model.
std::string last_line(std::string message) {
  message.erase(message.find_last_not_of('\n') + 1);
  return message.substr(message.find_last_of('\n') + 1);
}

/// How far a gradient is from another, relative to the other's norm; on a GPU, once it is computed.
double departure(const at::Tensor& gradient, const at::Tensor& other) {
  return ((gradient - other).norm() / other.norm().clamp_min(1e-30)).item<double>();
}

/// What a precision's numbers are turned into; none where they stay.
std::optional<at::ScalarType> type_of(Precision precision) {
  return precision == Precision::bfloat16 ? std::optional(at::kBFloat16) : std::nullopt;
}

at::Tensor to_type(const at::Tensor& tensor, const std::optional<at::ScalarType>& type) {
  return type ? tensor.to(*type) : tensor;
}

}  // namespace

std::unique_ptr<TorchScriptModel> TorchScriptModel::load(const std::string& path, const ModelSpec& spec,
                                                         at::Device device,
                                                         const std::optional<Reference>& reference,
                                                         const std::optional<Randomisation>& randomisation) {
  std::unique_ptr<TorchScriptModel> model(
      new TorchScriptModel(Archive(path, device, randomisation), spec, device));
  model->check(reference);
  const bool is_exported = spec.form == ModelForm{};
  if (is_exported && !type_of(spec.precision)) {
    model->allow_tf32_ = spec.precision == Precision::tf32;
    return model;
  }
  const auto exported = is_exported ? std::nullopt : std::optional(model->exported());
  model->take_form(spec.form);
  model->drop_archive();
  if (exported) model->check_form(*exported);
  return model;
}

TorchScriptModel::TorchScriptModel(Archive archive, const ModelSpec& spec, at::Device device)
    : archive_(std::move(archive)), spec_(spec), device_(device) {
  forward_ = std::make_shared<FrozenForward>(archive_.module());
  spec_.form = {};  // until take_form()
}

bool TorchScriptModel::take_form(const ModelForm& form) {
  if (form.winograd && (!device_.is_cpu() || spec_.precision != Precision::float32)) {
    throw ModelLoadError("Winograd's convolutions are for float32 on a CPU: leave them out here.");
  }
  forward_.reset();     // before the next one comes
  empty_tensor_pool();  // of what the passes in the form before have left there
  allow_tf32_ = spec_.precision == Precision::tf32;
  forward_ = std::make_shared<FrozenForward>(archive_.module(), form, type_of(spec_.precision));
  spec_.form = form;
  return forward_->is_other();
}

TorchScriptModel::Exported TorchScriptModel::exported() {
  const auto generator = at::detail::createCPUGenerator(0);
  const auto clip = at::randn(input_sizes(spec_), generator).to(device_).requires_grad_(true);
  allow_tf32_ = false;
  forward_ = std::make_shared<FrozenForward>(archive_.module());
  const auto gradient = input_gradient(clip, {});
  if (spec_.precision == Precision::float32) return {clip, gradient, 0};
  take_form({});
  return {clip, gradient, departure(input_gradient(clip, type_of(spec_.precision)), gradient)};
}

void TorchScriptModel::check_form(const Exported& exported) {
  const auto gradient = input_gradient(exported.clip, type_of(spec_.precision));
  const double departed = departure(gradient, exported.gradient);
  const double allowed = kDeparture + kMoreThanExported * exported.departure;
  if (departed <= allowed) return;
  throw ModelLoadError("In this form the model's gradient is another, by " + std::to_string(departed) +
                       " of its size where " + std::to_string(allowed) +
                       " is allowed: use the model as it was exported.");
}

void TorchScriptModel::drop_archive() {
  const auto& form = spec_.form;
  const bool has_own_weights = type_of(spec_.precision) || form.fold_batch_norm || form.winograd ||
                               form.memory_format != MemoryFormat::exported;
  if (!has_own_weights) return;
  archive_.drop();
  empty_tensor_pool();  // of its weights, whose sizes nothing else has
}

void TorchScriptModel::take_fastest_form(const std::function<bool()>& cancelled) {
  const auto as_exported = exported();
  take_form(fastest_form([&](const ModelForm& form) -> Pass {
    if (cancelled()) return {};
    try {
      const bool is_other = take_form(form);
      const bool asks_other = form.winograd || form.memory_format != MemoryFormat::exported;
      if (asks_other && !is_other) return {};  // it was exported like this
      check_form(as_exported);
    } catch (const std::exception&) {
      return {};  // a form that does not run, or not alike, is none
    }
    return [&, forward = forward_] {
      if (cancelled()) return;
      forward_ = forward;
      const auto gradient = input_gradient(as_exported.clip, type_of(spec_.precision));
      gradient.flatten()[0].item();  // read, so that a GPU is waited for
    };
  }));
  drop_archive();
}

at::Tensor TorchScriptModel::input_gradient(const at::Tensor& clip,
                                            const std::optional<at::ScalarType>& type) {
  const at::AutoGradMode with_gradient(true);
  const auto output = run(to_type(clip, type)).to(at::kFloat);
  return torch::autograd::grad({output.select(1, 0).sum()}, {clip})[0];
}

at::Tensor TorchScriptModel::output(const at::Tensor& clips) {
  return run(to_input(clips));
}

at::Tensor TorchScriptModel::to_input(const at::Tensor& clips) const {
  const auto ordered = spec_.layout == Layout::NCTHW ? clips : clips.transpose(1, 2).contiguous();
  return to_type(ordered, type_of(spec_.precision));
}

std::vector<Layer> TorchScriptModel::layers() {
  const at::NoGradGuard no_gradient;
  const auto clip = at::zeros({1, spec_.channels, spec_.frames, spec_.height, spec_.width}, device_);
  std::vector<Layer> layers;
  if (is_split())
    layers.push_back({kFeatures, "method", run_exported("features", to_input(clip)).sizes().vec()});
  observable().run(to_input(clip), [&](const std::string& name, const at::Tensor& output) {
    const auto is_it = [&](const Layer& layer) { return layer.name == name; };
    layers.erase(std::remove_if(layers.begin(), layers.end(), is_it), layers.end());
    layers.push_back({name, observable().type_of(name), output.sizes().vec()});
    return output;
  });
  return layers;
}

Activations TorchScriptModel::activations(const at::Tensor& clips, const std::string& layer) {
  if (layer == kFeatures && is_split()) {
    const auto features = run_exported("features", to_input(clips));
    return {features, run_exported("head", features)};
  }
  Activations result;
  result.output = observable().run(to_input(clips), [&](const std::string& name, const at::Tensor& output) {
    if (name != layer) return output;
    result.layer = output;
    return output.clone();  // a layer behind it may write in place
  });
  if (!result.layer.defined()) throw LayerError("The model has no layer " + layer + " that runs.");
  return result;
}

ObservableForward& TorchScriptModel::observable() {
  if (!observable_) observable_ = std::make_unique<ObservableForward>(exported_module());
  return *observable_;
}

at::Tensor TorchScriptModel::run(const at::Tensor& input) {
  // libtorch allows it unless told otherwise, and has one setting for the process: the backward pass takes it
  // too.
  if (device_.is_cuda()) at::globalContext().setAllowTF32CuDNN(allow_tf32_);
  return forward_->run(input);
}

torch::jit::Module& TorchScriptModel::exported_module() {
  auto& module = archive_.module();
  if (const auto type = type_of(spec_.precision); type && !is_archive_converted_) module.to(*type);
  is_archive_converted_ = true;  // it is not dropped any more
  return module;
}

at::Tensor TorchScriptModel::run_exported(const std::string& method, const at::Tensor& input) {
  const torch::jit::GraphOptimizerEnabledGuard plain(false);
  return exported_module().get_method(method)({input}).toTensor();
}

void TorchScriptModel::check(const std::optional<Reference>& reference) {
  const at::NoGradGuard no_gradient;
  const auto sizes = input_sizes(spec_);
  const auto generator = at::detail::createCPUGenerator(reference ? reference->seed : 0);
  const auto input = at::randn(sizes, generator).to(device_);
  at::Tensor answer;
  try {
    answer = run(input).to(at::kCPU, at::kDouble);
  } catch (const std::exception& error) {  // the interpreter throws more than c10::Error
    if (says_out_of_memory(error.what())) throw;
    throw ModelLoadError("The model does not take a clip of " + join(sizes) + " (layout " +
                         (spec_.layout == Layout::NCTHW ? "NCTHW" : "NTCHW") +
                         "): " + last_line(error.what()));
  }
  if (answer.dim() != 2 || answer.size(0) != 1) {
    throw ModelLoadError("The model must return N x classes; for one clip it returned " +
                         join(answer.sizes()));
  }
  classes_ = answer.size(1);
  if (!reference) return;
  const auto expected = at::tensor(reference->outputs, at::kDouble);
  if (expected.numel() != classes_) {
    throw ReferenceError("The model returns " + std::to_string(classes_) +
                         " outputs, its manifest's reference has " + std::to_string(expected.numel()));
  }
  const double difference = (answer[0] - expected).abs().max().item<double>();
  const double scale = std::max(expected.abs().max().item<double>(), 1e-6);
  if (!(difference <= kReferenceTolerance * scale)) {
    throw ReferenceError("The model answers its reference input differently than its manifest says: off by " +
                         std::to_string(difference) + " where " +
                         std::to_string(kReferenceTolerance * scale) + " is allowed");
  }
}

}  // namespace fep
