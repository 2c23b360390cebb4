#include "addon/load_job.h"

#include "addon/environment.h"
#include "addon/freed_memory.h"
#include "addon/native_model.h"
#include "model/load_video_model.h"

namespace fep {

void LoadJob::run() {
  model_ = load_video_model(request_.file);
  if (request_.tune) {
    model_->take_fastest_form([this] { return cancelled(); }, [this](const Tuning& now) { tell(now); });
  }
  give_back_freed_memory();  // that of other forms, before the first run adds its own
}

void LoadJob::tell(const Tuning& tuning) {
  if (callback_.IsEmpty()) return;
  {
    const std::lock_guard lock(mutex_);
    tuning_ = tuning;
  }
  mailbox_->post_progress(shared_from_this());
}

void LoadJob::report(Napi::Env env) {
  const Napi::HandleScope scope(env);
  Tuning tuning;
  {
    const std::lock_guard lock(mutex_);
    tuning = tuning_;
  }
  auto progress = Napi::Object::New(env);
  progress["tried"] = form_object(env, tuning.tried);
  progress["fastest"] = form_object(env, tuning.fastest);
  progress["gain"] = Napi::Number::New(env, tuning.gain);
  progress["seconds"] = Napi::Number::New(env, tuning.seconds);
  progress["mostSeconds"] = Napi::Number::New(env, tuning.most_seconds);
  callback_.Call({progress});
}

Napi::Value LoadJob::result(Napi::Env env) {
  NativeModel::Loaded loaded{worker_, model_};
  return Environment::of(env).model_class.New({Napi::External<NativeModel::Loaded>::New(env, &loaded)});
}

}  // namespace fep
