#include "addon/native_model.h"

#include <utility>

#include "addon/arguments.h"
#include "addon/attribution_job.h"
#include "addon/attribution_options.h"
#include "addon/bfloat16_job.h"
#include "addon/cost_job.h"
#include "addon/environment.h"
#include "addon/extremal_perturbation_job.h"
#include "addon/layers_job.h"
#include "addon/load_job.h"
#include "addon/mask_options.h"
#include "addon/model_check_object.h"
#include "addon/options.h"
#include "addon/predict_job.h"
#include "addon/predict_perturbed_job.h"
#include "addon/sketch_job.h"
#include "addon/tensors.h"
#include "addon/views_spec.h"
#include "model/averaged_views.h"

namespace fep {

Napi::Function NativeModel::define(Napi::Env env) {
  return DefineClass(
      env, "NativeModel",
      {InstanceAccessor<&NativeModel::classes>("classes"),
       InstanceAccessor<&NativeModel::parameters>("parameters"), InstanceAccessor<&NativeModel::form>("form"),
       InstanceAccessor<&NativeModel::methods>("methods"), InstanceAccessor<&NativeModel::check>("check"),
       InstanceAccessor<&NativeModel::weights>("weights"),
       InstanceAccessor<&NativeModel::names_gpu>("namesGpu"),
       InstanceAccessor<&NativeModel::disposed>("disposed"), InstanceMethod<&NativeModel::predict>("predict"),
       InstanceMethod<&NativeModel::predict_perturbed>("predictPerturbed"),
       InstanceMethod<&NativeModel::extremal_perturbation>("extremalPerturbation"),
       InstanceMethod<&NativeModel::attribute>("attribute"), InstanceMethod<&NativeModel::layers>("layers"),
       InstanceMethod<&NativeModel::cost>("cost"),
       InstanceMethod<&NativeModel::refuses_bfloat16>("refusesBfloat16"),
       InstanceMethod<&NativeModel::average_views>("averageViews"),
       InstanceMethod<&NativeModel::dispose>("dispose")});
}

Napi::Value NativeModel::load(const Napi::CallbackInfo& info) {
  const auto request = read_load_request(require_object(info[0], "the model spec"));
  const auto worker = Environment::of(info.Env()).start_worker(request.threads);
  const auto mailbox = Environment::of(info.Env()).mailbox();
  const auto job = std::make_shared<LoadJob>(info.Env(), request, worker, mailbox);
  if (!info[1].IsUndefined() && !info[1].IsFunction()) refuse(info.Env(), "onTuning must be a function");
  if (info[1].IsFunction()) job->on_tuning(info[1].As<Napi::Function>());
  worker->submit(job);
  return handle_of(info.Env(), job);
}

Napi::Value NativeModel::sketch(const Napi::CallbackInfo& info) {
  auto request = read_load_request(require_object(info[0], "the model spec"));
  const auto worker = Environment::of(info.Env()).start_worker(request.threads);
  const auto job = std::make_shared<SketchJob>(info.Env(), std::move(request.file), worker);
  worker->submit(job);
  return handle_of(info.Env(), job);
}

NativeModel::NativeModel(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NativeModel>(info) {
  if (info.Length() != 1 || !info[0].IsExternal()) {
    refuse(info.Env(), "a NativeModel is made by loadModel, not by new");
  }
  loaded_ = std::move(*info[0].As<Napi::External<Loaded>>().Data());
  classes_ = loaded_.model->facts().classes;
  parameters_ = loaded_.model->facts().parameters;
  external_bytes_ = loaded_.borrowed ? 0 : parameters_ * static_cast<std::int64_t>(sizeof(float));
  Napi::MemoryManagement::AdjustExternalMemory(info.Env(), external_bytes_);
}

NativeModel::~NativeModel() {
  release(Env());
}

void NativeModel::release(Napi::Env env) {
  if (!loaded_.model) return;
  loaded_.model.reset();  // first: the worker's thread returns freed memory when it ends
  if (!loaded_.borrowed) loaded_.worker->stop();
  Napi::MemoryManagement::AdjustExternalMemory(env, -external_bytes_);
}

std::shared_ptr<VideoModel> NativeModel::require_model(Napi::Env env) const {
  if (!loaded_.model) throw make_error(env, {"FEP_DISPOSED", "The model was disposed of."});
  return loaded_.model;
}

Napi::Value NativeModel::classes(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(classes_));
}

Napi::Value NativeModel::parameters(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(parameters_));
}

Napi::Value NativeModel::form(const Napi::CallbackInfo& info) {
  return form_object(info.Env(), require_model(info.Env())->spec().form);
}

Napi::Value NativeModel::methods(const Napi::CallbackInfo& info) {
  const auto model = require_model(info.Env());
  auto names = Napi::Array::New(info.Env());
  for (const auto& name : model->facts().methods) {
    names[names.Length()] = Napi::String::New(info.Env(), name);
  }
  return names;
}

Napi::Value NativeModel::check(const Napi::CallbackInfo& info) {
  return model_check_object(info.Env(), require_model(info.Env())->check());
}

Napi::Value NativeModel::weights(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), require_model(info.Env())->facts().weights);
}

Napi::Value NativeModel::names_gpu(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), require_model(info.Env())->facts().names_gpu);
}

Napi::Value NativeModel::disposed(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), !loaded_.model || loaded_.worker->stopped());
}

Napi::Value NativeModel::predict(const Napi::CallbackInfo& info) {
  const auto model = require_model(info.Env());
  const auto count = require_integer(info[1], "count", 1, 1'000'000);
  const auto length = static_cast<std::size_t>(count * clip_size(model->spec()));
  const auto job =
      std::make_shared<PredictJob>(info.Env(), model, require_floats(info[0], "clips", length), count);
  loaded_.worker->submit(job);
  return handle_of(info.Env(), job);
}

Napi::Value NativeModel::predict_perturbed(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  const auto model = require_model(env);
  auto clip = require_floats(info[0], "clip", static_cast<std::size_t>(clip_size(model->spec())));
  const auto count = require_integer(info[2], "count", 1, 1'000'000);
  auto masks = require_floats(info[1], "masks", static_cast<std::size_t>(count * mask_size(model->spec())));
  require_shares(env, masks, "masks");
  const auto perturbation = read_perturbation(require_object(info[3], "perturbation"));
  const auto job = std::make_shared<PredictPerturbedJob>(env, model, std::move(clip), std::move(masks), count,
                                                         perturbation, read_wanted_pictures(info[4]));
  loaded_.worker->submit(job);
  return handle_of(env, job);
}

Napi::Value NativeModel::extremal_perturbation(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  const auto model = require_model(env);
  auto targets = read_targets(info[1], classes_);
  const auto length = targets.size() * static_cast<std::size_t>(clip_size(model->spec()));
  auto clips = require_floats(info[0], "clips", length);
  if (!info[3].IsUndefined() && !info[3].IsFunction()) refuse(env, "onProgress must be a function");
  const auto options = require_object(info[2], "options");
  const auto job = std::make_shared<ExtremalPerturbationJob>(
      env, model, std::move(clips), std::move(targets), read_mask_options(options), read_run_seed(options),
      Environment::of(env).mailbox());
  if (info[3].IsFunction()) job->on_progress(info[3].As<Napi::Function>(), wants_progress_masks(options));
  loaded_.worker->submit(job);
  return handle_of(env, job);
}

Napi::Value NativeModel::attribute(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  const auto model = require_model(env);
  auto clip = require_floats(info[0], "clip", static_cast<std::size_t>(clip_size(model->spec())));
  const auto target = require_integer(info[1], "target", -1, classes_ - 1);
  if (!info[3].IsUndefined() && !info[3].IsFunction()) refuse(env, "onProgress must be a function");
  const auto options = require_object(info[2], "options");
  const auto job =
      std::make_shared<AttributionJob>(env, model, std::move(clip), target, read_attribution_options(options),
                                       read_run_seed(options), Environment::of(env).mailbox());
  if (info[3].IsFunction()) job->on_progress_call(info[3].As<Napi::Function>());
  loaded_.worker->submit(job);
  return handle_of(env, job);
}

Napi::Value NativeModel::layers(const Napi::CallbackInfo& info) {
  const auto job = std::make_shared<LayersJob>(info.Env(), require_model(info.Env()));
  loaded_.worker->submit(job);
  return handle_of(info.Env(), job);
}

Napi::Value NativeModel::cost(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  const auto model = require_model(env);
  const auto job =
      std::make_shared<CostJob>(env, model, read_mask_options(require_object(info[0], "options")));
  loaded_.worker->submit(job);
  return handle_of(env, job);
}

Napi::Value NativeModel::refuses_bfloat16(const Napi::CallbackInfo& info) {
  const auto job = std::make_shared<Bfloat16Job>(info.Env(), require_model(info.Env()));
  loaded_.worker->submit(job);
  return handle_of(info.Env(), job);
}

Napi::Value NativeModel::average_views(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  const auto model = require_model(env);
  if (!model->views().empty()) refuse(env, "the model averages over views already");
  auto spec = read_views_spec(require_object(info[0], "the views"), model->spec());
  Loaded loaded{loaded_.worker, std::make_shared<AveragedViews>(model, std::move(spec)), true};
  return Environment::of(env).model_class.New({Napi::External<Loaded>::New(env, &loaded)});
}

void NativeModel::dispose(const Napi::CallbackInfo& info) {
  release(info.Env());
}

}  // namespace fep
