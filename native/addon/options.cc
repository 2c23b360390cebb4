#include "addon/options.h"

#include <ATen/Context.h>

#include <array>

#include "addon/arguments.h"
#include "addon/job.h"
#include "addon/model_check_object.h"

namespace fep {
namespace {

at::Device read_device(const Napi::Object& object) {
  const auto name = require_string(object, "device");
  try {
    const at::Device device(name);
    if (device.is_cuda() && !at::hasCUDA()) {
      throw make_error(object.Env(), {"FEP_CUDA_UNAVAILABLE", "This libtorch has no CUDA: " + name +
                                                                  " was asked for, only cpu is there."});
    }
    if (device.is_cuda() && device.has_index() &&
        device.index() >= static_cast<std::int64_t>(at::getNumGPUs())) {
      throw make_error(object.Env(),
                       {"FEP_CUDA_UNAVAILABLE", "There is no " + name + ", only " +
                                                    std::to_string(at::getNumGPUs()) + " CUDA devices."});
    }
    if (device.is_cpu() || device.is_cuda()) return device;
  } catch (const c10::Error&) {  // not a device's name: refused below
  }
  refuse(object.Env(), "device must be cpu, cuda or cuda:<index>, got " + name);
}

Randomisation read_randomisation(const Napi::Object& object) {
  Randomisation randomisation;
  randomisation.seed = static_cast<std::uint64_t>(require_integer(object, "seed", 0));
  randomisation.share = require_number(object, "share");
  if (!(randomisation.share > 0 && randomisation.share <= 1)) {
    refuse(object.Env(), "randomise.share must be above 0 and at most 1");
  }
  return randomisation;
}

/// binding.d.ts `OutputChoice`.
OutputSpec read_output(const Napi::Object& object) {
  OutputSpec output;
  const Napi::Value tensor = object.Get("tensor");
  if (tensor.IsString()) output.tensor = tensor.As<Napi::String>().Utf8Value();
  if (tensor.IsNumber()) output.tensor = require_integer(object, "tensor", 0, 1'000'000);
  output.average = require_choice<AverageOver>(object, "averageOver");
  output.classes = require_integer(object, "classes", 0);
  return output;
}

/// binding.d.ts `TokenGrid`.
std::optional<TokenGrid> read_tokens(const Napi::Object& object) {
  if (object.Get("tokens").IsUndefined()) return std::nullopt;
  const auto tokens = require_object(object.Get("tokens"), "tokens");
  return TokenGrid{require_sizes<3>(tokens, "grid", 4096), require_integer(tokens, "prefix", 0, 4096)};
}

ModelSpec read_spec(const Napi::Object& object, at::Device device) {
  ModelSpec spec;
  spec.layout = require_choice<Layout>(object, "layout");
  spec.activation = require_choice<Activation>(object, "activation");
  spec.output = read_output(require_object(object.Get("output"), "output"));
  spec.precision = require_choice<Precision>(object, "precision");
  if (spec.precision == Precision::tf32 && !device.is_cuda()) {
    refuse(object.Env(), "precision tf32 is CUDA's; on a CPU take float32 or bfloat16");
  }
  spec.form = read_form(require_object(object.Get("form"), "form"));
  spec.frames = require_integer(object, "frames", 1);
  spec.height = require_integer(object, "height", 1);
  spec.width = require_integer(object, "width", 1);
  spec.tokens = read_tokens(object);
  if (!object.Get("alone").IsUndefined()) spec.alone = require_string(object, "alone");
  return spec;
}

}  // namespace

Targets read_targets(const Napi::Value& value, std::int64_t classes) {
  const auto array = require_array(value, "targets");
  Targets targets;
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const auto target = require_integer(array[i], "target", -1, classes - 1);
    targets.push_back(target < 0 ? std::nullopt : std::optional(target));
  }
  return targets;
}

ModelForm read_form(const Napi::Object& object) {
  ModelForm form;
  form.fold_batch_norm = require_bool(object, "foldBatchNorm");
  form.memory_format = require_choice<MemoryFormat>(object, "memoryFormat");
  form.winograd = require_bool(object, "winograd");
  form.optimise_graph = require_bool(object, "optimiseGraph");
  return form;
}

Napi::Object form_object(Napi::Env env, const ModelForm& form) {
  auto object = Napi::Object::New(env);
  object["foldBatchNorm"] = Napi::Boolean::New(env, form.fold_batch_norm);
  object["memoryFormat"] = name_in_javascript(env, form.memory_format);
  object["winograd"] = Napi::Boolean::New(env, form.winograd);
  object["optimiseGraph"] = Napi::Boolean::New(env, form.optimise_graph);
  return object;
}

std::uint64_t read_run_seed(const Napi::Object& options) {
  if (options.Get("seed").IsUndefined()) return 0;
  return static_cast<std::uint64_t>(require_integer(options, "seed", 0, kMaxSafeInteger));
}

bool wants_progress_masks(const Napi::Object& options) {
  return !options.Get("progressMasks").IsUndefined() && require_bool(options, "progressMasks");
}

LoadRequest read_load_request(const Napi::Object& object) {
  LoadRequest request;
  auto& file = request.file;
  file.path = require_string(object, "path");
  file.device = read_device(object);
  file.spec = read_spec(object, file.device);
  file.form_was_compared = require_bool(object, "formWasCompared");
  request.tune = require_bool(object, "tune");
  request.threads = static_cast<int>(require_integer(object, "threads", 0, 1024));
  const Napi::Value reference = object.Get("reference");
  if (!reference.IsUndefined()) {
    const auto fields = require_object(reference, "reference");
    file.reference = Reference{static_cast<std::uint64_t>(require_integer(fields, "seed", 0)),
                               require_numbers(fields, "outputs")};
  }
  const Napi::Value randomise = object.Get("randomise");
  if (!randomise.IsUndefined()) {
    file.randomisation = read_randomisation(require_object(randomise, "randomise"));
  }
  const Napi::Value check = object.Get("check");
  if (!check.IsUndefined()) file.check = read_model_check(require_object(check, "check"));
  return request;
}

}  // namespace fep
