#include "addon/attribution_job.h"

#include <ATen/ATen.h>

#include "addon/tensors.h"

namespace fep {

void AttributionJob::run() {
  const auto alone = model_->begin_run(seed_, [this] { return cancelled(); });
  const auto target = target_ < 0 ? std::nullopt : std::optional<std::int64_t>(target_);
  result_ = attribute(*model_, clips_tensor(clip_, 1, *model_)[0], target, method_, *this);
}

void AttributionJob::on_progress(std::int64_t done, std::int64_t of) {
  if (callback_.IsEmpty() || !clock_.is_due(done == of)) return;
  of_ = of;
  done_ = done;
  mailbox_->post_progress(shared_from_this());
}

void AttributionJob::report(Napi::Env env) {
  const Napi::HandleScope scope(env);
  auto progress = Napi::Object::New(env);
  progress["done"] = Napi::Number::New(env, static_cast<double>(done_));
  progress["of"] = Napi::Number::New(env, static_cast<double>(of_));
  callback_.Call({progress});
}

Napi::Value AttributionJob::result(Napi::Env env) {
  const auto& [attribution, original, target, seconds] = result_;
  auto facts = Napi::Object::New(env);
  for (const auto& [name, value] : attribution.facts) facts[name] = Napi::Number::New(env, value);
  auto result = Napi::Object::New(env);
  result["map"] = to_javascript(env, attribution.map);
  result["original"] = to_javascript(env, original);
  result["target"] = Napi::Number::New(env, static_cast<double>(target));
  result["facts"] = facts;
  result["seconds"] = Napi::Number::New(env, seconds);
  result["modelSeconds"] = Napi::Number::New(env, attribution.model_seconds);
  return result;
}

}  // namespace fep
