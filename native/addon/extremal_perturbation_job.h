#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "addon/job.h"
#include "addon/mailbox.h"
#include "addon/report_clock.h"
#include "attribution/extremal_perturbation.h"
#include "model/video_model.h"

namespace fep {

/// Runs EP, EP-2D, STEP or F-EP and reports its iterations to JavaScript.
class ExtremalPerturbationJob final : public Job,
                                      public Observer,
                                      public std::enable_shared_from_this<ExtremalPerturbationJob> {
 public:
  ExtremalPerturbationJob(Napi::Env env, std::shared_ptr<VideoModel> model, std::vector<float> clips,
                          Targets targets, ExtremalPerturbationOptions options, std::uint64_t seed,
                          std::shared_ptr<Mailbox> mailbox)
      : Job(env),
        model_(std::move(model)),
        clips_(std::move(clips)),
        targets_(std::move(targets)),
        options_(std::move(options)),
        seed_(seed),
        mailbox_(std::move(mailbox)) {}

  /// On the JavaScript thread, before the job is submitted.
  void on_progress(const Napi::Function& callback, bool with_mask) {
    callback_ = Napi::Persistent(callback);
    with_mask_ = with_mask;
  }

  void run() override;
  Napi::Value result(Napi::Env env) override;
  void report(Napi::Env env) override;

  bool cancelled() const override { return Job::cancelled(); }
  void on_iteration(const Iteration& iteration, const at::Tensor& mask) override;

 private:
  std::shared_ptr<VideoModel> model_;
  std::vector<float> clips_;
  Targets targets_;
  ExtremalPerturbationOptions options_;
  std::uint64_t seed_;  ///< of the random numbers that the model draws
  std::shared_ptr<Mailbox> mailbox_;
  Napi::FunctionReference callback_;
  bool with_mask_ = false;  ///< whether the callback is told the first mask
  ExtremalPerturbationResult result_;

  ReportClock clock_;
  std::mutex latest_mutex_;
  Iteration latest_;                 ///< for report()
  at::Tensor latest_realised_area_;  ///< of each of the N masks, over the frame's voxels
  at::Tensor latest_mask_;           ///< the first, where it is wanted
};

}  // namespace fep
