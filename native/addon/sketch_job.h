#pragma once

#include <memory>
#include <utility>

#include "addon/job.h"
#include "addon/worker.h"
#include "model/model_sketch.h"

namespace fep {

/// Sketches a model on a thread that ends with it.
class SketchJob final : public Job {
 public:
  SketchJob(Napi::Env env, ModelFile file, std::shared_ptr<Worker> worker)
      : Job(env), file_(std::move(file)), worker_(std::move(worker)) {}
  void run() override { sketch_ = sketch_model(file_); }
  Napi::Value result(Napi::Env env) override;

 private:
  ModelFile file_;
  std::shared_ptr<Worker> worker_;
  ModelSketch sketch_;
};

}  // namespace fep
