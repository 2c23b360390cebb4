#include "addon/environment.h"

namespace fep {

void Environment::install(Napi::Env env) {
  // Clean-up hooks run last in, first out. This one is added after the mailbox's thread-safe function, so it
  // runs before that one is torn down: no model thread can post to a function that is gone.
  std::unique_ptr<Environment> owned(new Environment(env));  // its constructor is private
  auto* const environment = owned.get();
  env.SetInstanceData<Environment>(owned.release());  // which takes ownership
  env.AddCleanupHook([](Environment* self) { self->shut_down(); }, environment);
  // process.exit() on the main thread skips the hooks and goes straight to the destructors of libtorch's
  // globals: no model thread may be running by then.
  const auto process = env.Global().Get("process").As<Napi::Object>();
  const auto on_exit = [environment](const Napi::CallbackInfo&) { environment->shut_down(); };
  process.Get("once").As<Napi::Function>().Call(
      process, {Napi::String::New(env, "exit"), Napi::Function::New(env, on_exit)});
}

Environment& Environment::of(Napi::Env env) {
  return *env.GetInstanceData<Environment>();
}

std::shared_ptr<Worker> Environment::start_worker(int threads) {
  std::erase_if(workers_, [](const auto& worker) { return worker.expired(); });
  auto worker = std::make_shared<Worker>(mailbox_, threads);
  workers_.push_back(worker);
  return worker;
}

void Environment::shut_down() {
  mailbox_->close();
  for (const auto& weak : workers_) {
    if (const auto worker = weak.lock()) worker->stop();
  }
  for (const auto& weak : workers_) {
    if (const auto worker = weak.lock()) worker->join();
  }
  mailbox_->discard();
}

}  // namespace fep
