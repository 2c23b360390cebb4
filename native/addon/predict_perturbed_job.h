#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <optional>
#include <vector>

#include "addon/job.h"
#include "attribution/observer.h"
#include "attribution/perturbation.h"
#include "attribution/pictures.h"
#include "model/video_model.h"

namespace fep {

/// Probabilities of one clip under many masks, and where asked for what the model saw under them.
class PredictPerturbedJob final : public Job, public StopSignal {
 public:
  PredictPerturbedJob(Napi::Env env, std::shared_ptr<VideoModel> model, std::vector<float> clip,
                      std::vector<float> masks, std::int64_t count, const Perturbation& perturbation,
                      const std::optional<PictureOptions>& pictures)
      : Job(env),
        model_(std::move(model)),
        clip_(std::move(clip)),
        masks_(std::move(masks)),
        count_(count),
        perturbation_(perturbation),
        picture_options_(pictures) {}
  void run() override;
  Napi::Value result(Napi::Env env) override;
  bool cancelled() const override { return Job::cancelled(); }

 private:
  std::shared_ptr<VideoModel> model_;
  std::vector<float> clip_;
  std::vector<float> masks_;
  std::int64_t count_;
  Perturbation perturbation_;
  std::optional<PictureOptions> picture_options_;
  at::Tensor probabilities_;
  at::Tensor pictures_;
};

}  // namespace fep
