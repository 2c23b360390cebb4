#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <napi.h>
#include <torch/version.h>

#include "addon/environment.h"
#include "addon/native_model.h"

namespace {

Napi::Value info(const Napi::CallbackInfo& call) {
  auto facts = Napi::Object::New(call.Env());
  facts["libtorch"] = Napi::String::New(call.Env(), TORCH_VERSION);
  facts["cpu"] = Napi::String::New(call.Env(), at::get_cpu_capability());
  facts["threads"] = Napi::Number::New(call.Env(), at::get_num_threads());
  facts["cuda"] = Napi::Boolean::New(call.Env(), at::hasCUDA());
  facts["cudaDevices"] = Napi::Number::New(call.Env(), static_cast<double>(at::getNumGPUs()));
  return facts;
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  fep::Environment::install(env);
  fep::Environment::of(env).model_class = Napi::Persistent(fep::NativeModel::define(env));
  exports["loadModel"] = Napi::Function::New(env, fep::NativeModel::load, "loadModel");
  exports["info"] = Napi::Function::New(env, info, "info");
  return exports;
}

}  // namespace

NODE_API_MODULE(fep, initialise)
