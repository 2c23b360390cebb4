#pragma once

#include <napi.h>

#include <memory>
#include <mutex>
#include <vector>

#include "addon/job.h"

namespace fep {

/// How model threads reach one JavaScript environment (the main thread's, or a worker thread's).
///
/// Keeps the event loop alive while jobs are pending.
class Mailbox {
 public:
  explicit Mailbox(Napi::Env env);

  /// A job was submitted; on the JavaScript thread.
  void expect();

  /// The job is done: settle it on the JavaScript thread. From any thread.
  void post_done(std::shared_ptr<Job> job);

  /// The job has progress to report. From any thread.
  void post_progress(std::shared_ptr<Job> job);

  /// The environment is going away: from now on nothing is delivered. On the JavaScript thread.
  void close();

  /// Destroys what was posted after close(); on the JavaScript thread, as jobs hold references into
  /// JavaScript.
  void discard() { undelivered_.clear(); }

 private:
  struct Letter {
    std::shared_ptr<Job> job;
    bool done;
  };
  void post(Letter letter);
  void deliver(Napi::Env env, const Letter& letter);

  Napi::ThreadSafeFunction function_;
  std::mutex mutex_;
  bool closed_ = false;
  std::vector<Letter> undelivered_;
  int expected_ = 0;  // JavaScript thread only
  Napi::Env env_;
};

}  // namespace fep
