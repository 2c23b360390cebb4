#pragma once

#include <memory>
#include <optional>
#include <string>

#include "addon/job.h"
#include "model/video_model.h"

namespace fep {

/// Finds out whether a model runs in bfloat16.
class Bfloat16Job final : public Job {
 public:
  Bfloat16Job(Napi::Env env, std::shared_ptr<VideoModel> model) : Job(env), model_(std::move(model)) {}
  void run() override {
    const auto alone = model_->begin_run(0, [this] { return cancelled(); });
    reason_ = model_->refuses_bfloat16();
  }
  Napi::Value result(Napi::Env env) override {
    return reason_ ? Napi::String::New(env, *reason_).As<Napi::Value>() : env.Null();
  }

 private:
  std::shared_ptr<VideoModel> model_;
  std::optional<std::string> reason_;
};

}  // namespace fep
