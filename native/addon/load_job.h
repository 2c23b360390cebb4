#pragma once

#include <memory>
#include <mutex>

#include "addon/job.h"
#include "addon/mailbox.h"
#include "addon/options.h"
#include "addon/worker.h"
#include "model/video_model.h"

namespace fep {

/// Loads a model on the thread it will run on.
class LoadJob final : public Job, public std::enable_shared_from_this<LoadJob> {
 public:
  LoadJob(Napi::Env env, LoadRequest request, std::shared_ptr<Worker> worker,
          std::shared_ptr<Mailbox> mailbox)
      : Job(env), request_(std::move(request)), worker_(std::move(worker)), mailbox_(std::move(mailbox)) {}

  /// Told of each form that is tried. On the JavaScript thread, before the job is submitted.
  void on_tuning(const Napi::Function& callback) { callback_ = Napi::Persistent(callback); }

  void run() override;
  Napi::Value result(Napi::Env env) override;
  void report(Napi::Env env) override;

 private:
  LoadRequest request_;
  std::shared_ptr<Worker> worker_;
  std::shared_ptr<VideoModel> model_;
  std::shared_ptr<Mailbox> mailbox_;
  Napi::FunctionReference callback_;
  std::mutex mutex_;
  Tuning tuning_;  ///< the latest, for report()

  void tell(const Tuning& tuning);
};

}  // namespace fep
