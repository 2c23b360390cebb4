#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <napi.h>
#include <torch/csrc/jit/runtime/print_handler.h>
#include <torch/version.h>

#include <iostream>

#include "addon/arguments.h"
#include "addon/attribution_options.h"
#include "addon/environment.h"
#include "addon/mask_options.h"
#include "addon/native_model.h"

namespace {

/// The number of threads that libtorch chooses itself. Read before any model sets its own, which MKL then
/// uses for the whole process and for every thread that starts later.
int default_threads() {
  static const int threads = at::get_num_threads();
  return threads;
}

Napi::Value info(const Napi::CallbackInfo& call) {
  auto facts = Napi::Object::New(call.Env());
  facts["libtorch"] = Napi::String::New(call.Env(), TORCH_VERSION);
  facts["cpu"] = Napi::String::New(call.Env(), at::get_cpu_capability());
  facts["threads"] = Napi::Number::New(call.Env(), default_threads());
  facts["cuda"] = Napi::Boolean::New(call.Env(), at::hasCUDA());
  facts["cudaDevices"] = Napi::Number::New(call.Env(), static_cast<double>(at::getNumGPUs()));
  return facts;
}

/// What of a mask's options reaches the addon's own structures, for tests.
Napi::Value describe_mask_options(const Napi::CallbackInfo& call) {
  const auto given = fep::require_object(call[0], "options");
  return fep::mask_options_object(call.Env(), fep::read_mask_options(given));
}

/// The same of a saliency method's.
Napi::Value describe_attribution_options(const Napi::CallbackInfo& call) {
  const auto given = fep::require_object(call[0], "options");
  return fep::attribution_options_object(call.Env(), fep::read_attribution_options(given));
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  default_threads();
  // What a network prints must not come before a command's JSON.
  torch::jit::setPrintHandler([](const std::string& text) { std::cerr << text; });
  fep::Environment::install(env);
  fep::Environment::of(env).model_class = Napi::Persistent(fep::NativeModel::define(env));
  exports["loadModel"] = Napi::Function::New(env, fep::NativeModel::load, "loadModel");
  exports["sketchModel"] = Napi::Function::New(env, fep::NativeModel::sketch, "sketchModel");
  exports["describeMaskOptions"] = Napi::Function::New(env, describe_mask_options, "describeMaskOptions");
  exports["describeAttributionOptions"] =
      Napi::Function::New(env, describe_attribution_options, "describeAttributionOptions");
  exports["info"] = Napi::Function::New(env, info, "info");
  return exports;
}

}  // namespace

NODE_API_MODULE(fep, initialise)
