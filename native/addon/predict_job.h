#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "addon/job.h"
#include "model/video_model.h"

namespace fep {

/// Probabilities of a batch of clips.
class PredictJob final : public Job {
 public:
  PredictJob(Napi::Env env, std::shared_ptr<VideoModel> model, std::vector<float> clips, std::int64_t count)
      : Job(env), model_(std::move(model)), clips_(std::move(clips)), count_(count) {}
  void run() override;
  Napi::Value result(Napi::Env env) override;

 private:
  std::shared_ptr<VideoModel> model_;
  std::vector<float> clips_;
  std::int64_t count_;
  at::Tensor probabilities_;
};

}  // namespace fep
