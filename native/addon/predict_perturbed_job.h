#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "addon/job.h"
#include "attribution/observer.h"
#include "attribution/perturbation.h"
#include "model/video_model.h"

namespace fep {

/// Probabilities of one clip under many masks.
class PredictPerturbedJob final : public Job, public StopSignal {
 public:
  PredictPerturbedJob(Napi::Env env, std::shared_ptr<VideoModel> model, std::vector<float> clip,
                      std::vector<float> masks, std::int64_t count, const Perturbation& perturbation)
      : Job(env),
        model_(std::move(model)),
        clip_(std::move(clip)),
        masks_(std::move(masks)),
        count_(count),
        perturbation_(perturbation) {}
  void run() override;
  Napi::Value result(Napi::Env env) override;
  bool cancelled() const override { return Job::cancelled(); }

 private:
  std::shared_ptr<VideoModel> model_;
  std::vector<float> clip_;
  std::vector<float> masks_;
  std::int64_t count_;
  Perturbation perturbation_;
  at::Tensor probabilities_;
};

}  // namespace fep
