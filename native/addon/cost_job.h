#pragma once

#include <memory>

#include "addon/job.h"
#include "attribution/extremal_perturbation.h"
#include "model/video_model.h"

namespace fep {

/// Measures what one forward and an explanation of one clip cost, by running both.
class CostJob final : public Job, private Observer {
 public:
  CostJob(Napi::Env env, std::shared_ptr<VideoModel> model, ExtremalPerturbationOptions options)
      : Job(env), model_(std::move(model)), options_(std::move(options)) {}
  void run() override;
  Napi::Value result(Napi::Env env) override;

 private:
  bool cancelled() const override { return Job::cancelled(); }
  void on_iteration(const Iteration&, const at::Tensor&) override {}

  std::shared_ptr<VideoModel> model_;
  ExtremalPerturbationOptions options_;
  std::int64_t multiply_accumulates_ = 0;
  std::int64_t peak_bytes_ = 0;
};

}  // namespace fep
