#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "addon/job.h"
#include "attribution/observer.h"
#include "attribution/perturbation.h"
#include "attribution/pictures.h"
#include "model/video_model.h"

namespace fep {

/// What the model sees of one clip under one mask, and what it makes of that.
class TryMaskJob final : public Job, public StopSignal {
 public:
  TryMaskJob(Napi::Env env, std::shared_ptr<VideoModel> model, std::vector<float> clip,
             std::vector<float> mask, const Perturbation& perturbation, const PictureOptions& pictures)
      : Job(env),
        model_(std::move(model)),
        clip_(std::move(clip)),
        mask_(std::move(mask)),
        perturbation_(perturbation),
        picture_options_(pictures) {}
  void run() override;
  Napi::Value result(Napi::Env env) override;
  bool cancelled() const override { return Job::cancelled(); }

 private:
  std::shared_ptr<VideoModel> model_;
  std::vector<float> clip_;
  std::vector<float> mask_;
  Perturbation perturbation_;
  PictureOptions picture_options_;
  at::Tensor probabilities_;
  at::Tensor pictures_;
};

}  // namespace fep
