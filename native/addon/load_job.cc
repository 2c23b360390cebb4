#include "addon/load_job.h"

#include "addon/environment.h"
#include "addon/freed_memory.h"
#include "addon/native_model.h"
#include "model/load_video_model.h"

namespace fep {

void LoadJob::run() {
  model_ = load_video_model(request_.file);
  if (request_.tune) model_->take_fastest_form([this] { return cancelled(); });
  give_back_freed_memory();  // that of other forms, before the first run adds its own
}

Napi::Value LoadJob::result(Napi::Env env) {
  NativeModel::Loaded loaded{worker_, model_};
  return Environment::of(env).model_class.New({Napi::External<NativeModel::Loaded>::New(env, &loaded)});
}

}  // namespace fep
