#include "addon/job.h"

#include <utility>

namespace fep {

void Job::fail(Failure failure) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = std::move(failure);
}

void Job::settle(Napi::Env env) {
  const Napi::HandleScope scope(env);
  std::optional<Failure> failure;
  {
    const std::lock_guard lock(mutex_);
    failure = failure_;
  }
  if (failure) {
    deferred_.Reject(make_error(env, *failure).Value());
    return;
  }
  try {
    deferred_.Resolve(result(env));
  } catch (const Napi::Error& error) {
    deferred_.Reject(error.Value());
  }
}

Napi::Object handle_of(Napi::Env env, const std::shared_ptr<Job>& job) {
  auto handle = Napi::Object::New(env);
  handle["promise"] = job->promise();
  // Weak: a handle that outlives the job must not keep its arrays alive.
  handle["cancel"] = Napi::Function::New(env, [weak = std::weak_ptr<Job>(job)](const Napi::CallbackInfo&) {
    if (const auto running = weak.lock()) running->cancel();
  });
  return handle;
}

Napi::Error make_error(Napi::Env env, const Failure& failure) {
  auto error = Napi::Error::New(env, failure.message);
  error.Set("code", Napi::String::New(env, failure.code));
  return error;
}

}  // namespace fep
