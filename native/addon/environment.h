#pragma once

#include <napi.h>

#include <memory>
#include <vector>

#include "addon/mailbox.h"
#include "addon/worker.h"

namespace fep {

/// What the addon keeps for each JavaScript environment: there is no process-wide state, so any number of
/// worker threads can load it.
class Environment {
 public:
  /// Creates the environment's data, and makes sure that all model threads are joined before it goes away.
  static void install(Napi::Env env);
  static Environment& of(Napi::Env env);

  std::shared_ptr<Worker> start_worker(int threads);

  Napi::FunctionReference model_class;
  const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }

 private:
  explicit Environment(Napi::Env env) : mailbox_(std::make_shared<Mailbox>(env)) {}

  /// Stops all model threads and waits for them. May be called again.
  void shut_down();

  std::shared_ptr<Mailbox> mailbox_;
  std::vector<std::weak_ptr<Worker>> workers_;
};

}  // namespace fep
