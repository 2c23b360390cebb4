#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "addon/job.h"
#include "addon/mailbox.h"
#include "addon/report_clock.h"
#include "attribution/attribute.h"
#include "model/video_model.h"

namespace fep {

/// Runs a saliency method and reports its progress to JavaScript.
class AttributionJob final : public Job,
                             public ProgressObserver,
                             public std::enable_shared_from_this<AttributionJob> {
 public:
  AttributionJob(Napi::Env env, std::shared_ptr<VideoModel> model, std::vector<float> clip,
                 std::int64_t target, AttributionMethod method, std::uint64_t seed,
                 std::shared_ptr<Mailbox> mailbox)
      : Job(env),
        model_(std::move(model)),
        clip_(std::move(clip)),
        target_(target),
        method_(std::move(method)),
        seed_(seed),
        mailbox_(std::move(mailbox)) {}

  /// On the JavaScript thread, before the job is submitted.
  void on_progress_call(const Napi::Function& callback) { callback_ = Napi::Persistent(callback); }

  void run() override;
  Napi::Value result(Napi::Env env) override;
  void report(Napi::Env env) override;

  bool cancelled() const override { return Job::cancelled(); }
  void on_progress(std::int64_t done, std::int64_t of) override;

 private:
  std::shared_ptr<VideoModel> model_;
  std::vector<float> clip_;
  std::int64_t target_;
  AttributionMethod method_;
  std::uint64_t seed_;  ///< of the random numbers that the model draws
  std::shared_ptr<Mailbox> mailbox_;
  Napi::FunctionReference callback_;
  AttributionResult result_;

  ReportClock clock_;
  std::atomic<std::int64_t> done_ = 0, of_ = 0;  ///< for report()
};

}  // namespace fep
