#pragma once

#include <napi.h>

#include <memory>

#include "addon/worker.h"
#include "model/video_model.h"

namespace fep {

/// binding.d.ts `NativeModel`.
class NativeModel : public Napi::ObjectWrap<NativeModel> {
 public:
  static Napi::Function define(Napi::Env env);

  /// binding.d.ts `loadModel`.
  static Napi::Value load(const Napi::CallbackInfo& info);

  /// binding.d.ts `sketchModel`.
  static Napi::Value sketch(const Napi::CallbackInfo& info);

  explicit NativeModel(const Napi::CallbackInfo& info);
  ~NativeModel() override;

  /// What a load job hands over to the constructor.
  struct Loaded {
    std::shared_ptr<Worker> worker;
    std::shared_ptr<VideoModel> model;
    /// Whether another NativeModel ends the worker, whose weights these are too.
    bool borrowed = false;
  };

 private:
  Napi::Value classes(const Napi::CallbackInfo& info);
  Napi::Value parameters(const Napi::CallbackInfo& info);
  Napi::Value form(const Napi::CallbackInfo& info);
  Napi::Value methods(const Napi::CallbackInfo& info);
  Napi::Value check(const Napi::CallbackInfo& info);
  Napi::Value weights(const Napi::CallbackInfo& info);
  Napi::Value names_gpu(const Napi::CallbackInfo& info);
  Napi::Value disposed(const Napi::CallbackInfo& info);
  Napi::Value predict(const Napi::CallbackInfo& info);
  Napi::Value predict_perturbed(const Napi::CallbackInfo& info);
  Napi::Value extremal_perturbation(const Napi::CallbackInfo& info);
  Napi::Value attribute(const Napi::CallbackInfo& info);
  Napi::Value layers(const Napi::CallbackInfo& info);
  Napi::Value cost(const Napi::CallbackInfo& info);
  Napi::Value refuses_bfloat16(const Napi::CallbackInfo& info);
  Napi::Value average_views(const Napi::CallbackInfo& info);
  void dispose(const Napi::CallbackInfo& info);

  /// The model, or an error with code FEP_DISPOSED.
  std::shared_ptr<VideoModel> require_model(Napi::Env env) const;
  void release(Napi::Env env);

  Loaded loaded_;
  std::int64_t classes_ = 0;
  std::int64_t parameters_ = 0;
  std::int64_t external_bytes_ = 0;
};

}  // namespace fep
