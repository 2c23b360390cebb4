#pragma once

#include <memory>
#include <vector>

#include "addon/job.h"
#include "addon/layer_object.h"
#include "model/video_model.h"

namespace fep {

/// Lists a model's layers, which runs it once.
class LayersJob final : public Job {
 public:
  LayersJob(Napi::Env env, std::shared_ptr<VideoModel> model) : Job(env), model_(std::move(model)) {}
  void run() override {
    const auto alone = model_->begin_run(0, [this] { return cancelled(); });
    layers_ = model_->layers();
  }
  Napi::Value result(Napi::Env env) override { return layers_array(env, layers_); }

 private:
  std::shared_ptr<VideoModel> model_;
  std::vector<Layer> layers_;
};

}  // namespace fep
