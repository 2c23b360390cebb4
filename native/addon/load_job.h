#pragma once

#include <memory>

#include "addon/job.h"
#include "addon/options.h"
#include "addon/worker.h"
#include "model/video_model.h"

namespace fep {

/// Loads a model on the thread it will run on.
class LoadJob final : public Job {
 public:
  LoadJob(Napi::Env env, LoadRequest request, std::shared_ptr<Worker> worker)
      : Job(env), request_(std::move(request)), worker_(std::move(worker)) {}
  void run() override;
  Napi::Value result(Napi::Env env) override;

 private:
  LoadRequest request_;
  std::shared_ptr<Worker> worker_;
  std::shared_ptr<VideoModel> model_;
};

}  // namespace fep
