#pragma once

#include <napi.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "addon/error_code.h"

namespace fep {

/// One piece of work, from JavaScript to a model's thread and back.
///
/// A job is made and settled on the JavaScript thread; only run() is called on the model's thread, and it
/// touches no N-API: what it needs was copied into the job before, what it finds stays in the job until
/// settle().
class Job {
 public:
  explicit Job(Napi::Env env) : deferred_(env) {}
  virtual ~Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  /// Does the work; on the model's thread. May throw anything.
  virtual void run() = 0;

  /// Turns what run() found into a JavaScript value; on the JavaScript thread.
  virtual Napi::Value result(Napi::Env env) = 0;

  /// Tells JavaScript how far run() is; on the JavaScript thread.
  virtual void report(Napi::Env) {}

  void cancel() { cancelled_ = true; }
  bool cancelled() const { return cancelled_; }

  /// Makes settle() reject, whatever run() does.
  void fail(Failure failure);

  /// Resolves or rejects the promise; on the JavaScript thread, once.
  void settle(Napi::Env env);

  Napi::Promise promise() const { return deferred_.Promise(); }

 private:
  Napi::Promise::Deferred deferred_;
  std::atomic<bool> cancelled_ = false;
  std::mutex mutex_;
  std::optional<Failure> failure_;
};

/// The `{promise, cancel}` that JavaScript gets for a job.
Napi::Object handle_of(Napi::Env env, const std::shared_ptr<Job>& job);

/// An Error with a `code`.
Napi::Error make_error(Napi::Env env, const Failure& failure);

}  // namespace fep
