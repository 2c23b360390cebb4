#include "model/torchscript_model.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include <algorithm>
#include <chrono>

#include "model/fastest_form.h"
#include "model/input_gradient.h"
#include "model/model_failure.h"
#include "model/number_type.h"
#include "model/out_of_memory.h"
#include "network/tensor_pool.h"

namespace fep {
namespace {

/// How far a form may change the gradient of an output, relative to its norm. Rounding changes it by about
/// 1e-6, by more where a ReLU is close to 0; a fold that went wrong, by far more. A precision of fewer bits
/// changes it as exported already, bfloat16 by a third where weights are random: a form may do so by a
/// quarter more.
constexpr double kDeparture = 1e-2, kMoreThanExported = 1.25;

/// The exported methods between which Grad-CAM looks; the first is offered as a layer.
constexpr auto kFeatures = "features", kHead = "head";

/// For finding the fastest form: explanations of full-size models take about as long.
constexpr double kTuningSeconds = 60;

/// libtorch's operators draw their random numbers from one generator for the process.
std::timed_mutex& random_numbers() {
  static std::timed_mutex mutex;
  return mutex;
}

/// The distance of a gradient from another, relative to the other's norm. Waits for a GPU.
double departure(const at::Tensor& gradient, const at::Tensor& other) {
  return ((gradient - other).norm() / other.norm().clamp_min(1e-30)).item<double>();
}

at::Tensor to_type(const at::Tensor& tensor, const std::optional<at::ScalarType>& type) {
  return type ? tensor.to(*type) : tensor;
}

/// Runs the model; whatever it throws becomes a ModelRunError, except exhausted memory.
template <typename Run>
auto run_model(Precision precision, const Run& run) {
  try {
    return run();
  } catch (const std::exception& error) {  // the interpreter throws more than c10::Error
    if (is_out_of_memory(error)) throw;
    const auto* what =
        type_of(precision) ? "This model cannot run in bfloat16" : "The model failed while it ran";
    throw ModelRunError(what, reason_of(error));
  }
}

}  // namespace

std::unique_ptr<TorchScriptModel> TorchScriptModel::load(const ModelFile& file) {
  const auto& [path, spec, device, reference, randomisation, form_was_compared, known] = file;
  std::unique_ptr<TorchScriptModel> model(
      new TorchScriptModel(Archive(path, device, randomisation), spec, device));
  {
    const std::lock_guard alone(random_numbers());  // whether it draws any is not known yet
    const auto first = model->run_first(reference);
    model->apply(known ? *known : model->check_anew(first));
  }
  const bool is_exported = spec.form == ModelForm{};
  if (is_exported && !type_of(spec.precision)) {
    model->allow_tf32_ = spec.precision == Precision::tf32;
    return model;
  }
  const bool is_compared = !is_exported && !form_was_compared && has_gradient(model->check_);
  const auto exported = is_compared ? std::optional(model->exported()) : std::nullopt;
  model->take_form(spec.form);
  model->drop_archive();
  if (exported) model->check_form(*exported);
  return model;
}

TorchScriptModel::TorchScriptModel(Archive archive, const ModelSpec& spec, at::Device device)
    : archive_(std::move(archive)), spec_(spec), device_(device) {
  forward_ = std::make_shared<FrozenForward>(archive_.module());
  spec_.form = {};  // until take_form()
  facts_.parameters = archive_.parameters();
  facts_.weights = archive_.weights();
  facts_.names_gpu = archive_.names_gpu();
  for (const auto* method : {kFeatures, kHead}) {
    if (archive_.has_method(method)) facts_.methods.emplace_back(method);
  }
}

bool TorchScriptModel::take_form(const ModelForm& form) {
  if (form.winograd && (!device_.is_cpu() || spec_.precision != Precision::float32)) {
    throw ModelLoadError("Winograd's convolutions are for float32 on a CPU: leave them out here.");
  }
  forward_.reset();     // before the next one is made
  empty_tensor_pool();  // of what passes in the previous form have left there
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

void TorchScriptModel::take_fastest_form(const std::function<bool()>& cancelled,
                                         const std::function<void(const Tuning&)>& on_trial) {
  if (!has_gradient(check_)) return;  // forms are judged by their gradients
  const auto as_exported = exported();
  take_form(fastest_form(
      [&](const ModelForm& form) -> Pass {
        if (cancelled()) return {};
        try {
          const bool is_other = take_form(form);
          const bool asks_other = form.winograd || form.memory_format != MemoryFormat::exported;
          if (asks_other && !is_other) return {};  // it was exported like this
          check_form(as_exported);
        } catch (const std::exception&) {
          return {};  // a form that does not run, or not alike, is left out
        }
        return [&, forward = forward_] {
          if (cancelled()) return;
          forward_ = forward;
          const auto gradient = input_gradient(as_exported.clip, type_of(spec_.precision));
          gradient.flatten()[0].item();  // waits for a GPU
        };
      },
      kTuningSeconds, on_trial));
  drop_archive();
}

at::Tensor TorchScriptModel::input_gradient(const at::Tensor& clip,
                                            const std::optional<at::ScalarType>& type) {
  const at::AutoGradMode with_gradient(true);
  const auto lock = begin_run(0, [] { return false; });  // so that all passes draw the same numbers
  const auto output = run(to_type(clip, type)).to(at::kFloat);
  return fep::input_gradient(output.select(1, 0).sum(), clip);
}

at::Tensor TorchScriptModel::output(const at::Tensor& clips) {
  const auto count = clips.size(0);
  if (count == 1) return run(to_input(clips));
  if (check_.batch == ModelCheck::Batch::alike) {
    try {
      return run(to_input(clips));
    } catch (const ModelRunError&) {
      // It was checked with two clips and may not take more: one by one then, which fails again if it must.
    }
  }
  std::vector<at::Tensor> alone;
  for (std::int64_t i = 0; i < count; ++i) alone.push_back(run(to_input(clips.narrow(0, i, 1))));
  return at::cat(alone);
}

std::unique_lock<std::timed_mutex> TorchScriptModel::begin_run(std::uint64_t seed,
                                                               const std::function<bool()>& cancelled) {
  std::unique_lock lock(random_numbers(), std::defer_lock);
  if (check_.repeatable) return lock;
  observable_.reset();  // they keep state as well
  attention_.reset();
  while (!lock.try_lock_for(std::chrono::milliseconds(50))) {
    if (cancelled()) return lock;
  }
  at::manual_seed(seed);
  forward_->forget();
  return lock;
}

at::Tensor TorchScriptModel::to_input(const at::Tensor& clips) const {
  return to_type(in_layout(clips, spec_.layout), type_of(spec_.precision));
}

std::vector<Layer> TorchScriptModel::layers() {
  return survey().layers;
}

std::optional<TokenGrid> TorchScriptModel::tokens() {
  return survey().tokens;
}

const LayerSurvey& TorchScriptModel::survey() {
  if (survey_) return *survey_;
  const auto run = [&](const at::Tensor& clips, const ObservableForward::Visitor& visitor) {
    const auto look = [&] { return observable().run(to_input(clips), visitor); };
    return answers(run_model(spec_.precision, look), clips.size(0));
  };
  auto survey = survey_layers({spec_, device_, run, observable()});
  if (is_split()) {
    const at::NoGradGuard no_gradient;
    const auto clip = at::zeros({1, spec_.channels, spec_.frames, spec_.height, spec_.width}, device_);
    const auto sizes = run_exported(kFeatures, to_input(clip)).toTensor().sizes().vec();
    survey.layers.insert(survey.layers.begin(),
                         {kFeatures, "method", sizes, map_form(sizes, spec_, survey.tokens), false});
  }
  return survey_.emplace(std::move(survey));
}

Activations TorchScriptModel::activations(const at::Tensor& clips, const std::vector<std::string>& layers) {
  if (layers == std::vector<std::string>{kFeatures} && is_split()) {
    const auto features = run_exported(kFeatures, to_input(clips)).toTensor();
    return {{features}, answers(run_exported(kHead, features), clips.size(0))};
  }
  Activations result{std::vector<at::Tensor>(layers.size()), {}};
  const auto look = [&](const std::string& name, const at::Tensor& output) {
    const auto wanted = std::find(layers.begin(), layers.end(), name);
    if (wanted == layers.end()) return output;
    // Where the clip's graph does not reach the layer, a graph of the layer's own begins here.
    const auto seen = output.requires_grad() ? output : output.detach().requires_grad_(true);
    result.layers[static_cast<std::size_t>(wanted - layers.begin())] = seen;
    return seen.clone();  // a later layer may write to it in place
  };
  const auto returned = run_model(spec_.precision, [&] { return observable().run(to_input(clips), look); });
  result.output = answers(returned, clips.size(0));
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (!result.layers[i].defined()) throw LayerError("The model has no layer " + layers[i] + " that runs.");
  }
  return result;
}

Attentions TorchScriptModel::attentions(const at::Tensor& clips) {
  if (!attention_) attention_ = std::make_unique<AttentionForward>(observed_module());
  Attentions result;
  const auto look = [&](const at::Tensor& weights) {
    const auto seen = weights.requires_grad() ? weights : weights.detach().requires_grad_(true);
    result.weights.push_back(seen);
    return seen;
  };
  const auto returned = run_model(spec_.precision, [&] { return attention_->run(to_input(clips), look); });
  result.output = answers(returned, clips.size(0));
  return result;
}

bool TorchScriptModel::is_split() {
  if (!archive_.has_method(kFeatures) || !archive_.has_method(kHead)) return false;
  const auto& returned = archive_.module().get_method(kFeatures).function().getSchema().returns();
  return returned.size() == 1 && returned[0].type()->isSubtypeOf(*c10::TensorType::get());
}

ObservableForward& TorchScriptModel::observable() {
  if (!observable_) observable_ = std::make_unique<ObservableForward>(observed_module());
  return *observable_;
}

torch::jit::Module TorchScriptModel::observed_module() {
  auto& exported = exported_module();
  return forward_->has_state() ? exported.deepcopy() : exported;
}

at::Tensor TorchScriptModel::run(const at::Tensor& input) {
  // libtorch allows TF32 by default. It has one setting for the process, which the backward pass uses too.
  if (device_.is_cuda()) at::globalContext().setAllowTF32CuDNN(allow_tf32_);
  const auto returned = run_model(spec_.precision, [&] { return forward_->run(input); });
  return answers(returned, input.size(0));
}

at::Tensor TorchScriptModel::answers(const c10::IValue& returned, std::int64_t clips) const {
  return ModelOutput(spec_.output, spec_.frames).answers(returned, clips);
}

torch::jit::Module& TorchScriptModel::exported_module() {
  auto& module = archive_.module();
  if (const auto type = type_of(spec_.precision); type && !is_archive_converted_)
    convert_numbers(module, *type);
  is_archive_converted_ = true;  // it is not dropped any more
  return module;
}

c10::IValue TorchScriptModel::run_exported(const std::string& method, const at::Tensor& input) {
  const torch::jit::GraphOptimizerEnabledGuard plain(false);
  const auto module = observed_module();  // the next run starts afresh
  return run_model(spec_.precision, [&] { return module.get_method(method)({input}); });
}

}  // namespace fep
