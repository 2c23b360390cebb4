#include "addon/mailbox.h"

#include <utility>

namespace fep {

Mailbox::Mailbox(Napi::Env env)
    : function_(Napi::ThreadSafeFunction::New(env, Napi::Function(), "fep-native", 0, 1)), env_(env) {
  function_.Unref(env);
}

void Mailbox::expect() {
  if (expected_++ == 0) function_.Ref(env_);
}

void Mailbox::post_done(std::shared_ptr<Job> job) {
  post({std::move(job), true});
}

void Mailbox::post_progress(std::shared_ptr<Job> job) {
  post({std::move(job), false});
}

void Mailbox::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

void Mailbox::post(Letter letter) {
  const std::lock_guard lock(mutex_);
  if (closed_) {
    undelivered_.push_back(std::move(letter));
    return;
  }
  auto parcel = std::make_unique<Letter>(std::move(letter));
  const auto status =
      function_.NonBlockingCall(parcel.get(), [this](Napi::Env env, Napi::Function, Letter* raw) {
        const std::unique_ptr<Letter> received(raw);
        deliver(env, *received);
      });
  if (status == napi_ok) parcel.release();  // the queue owns it now
}

void Mailbox::deliver(Napi::Env env, const Letter& letter) {
  if (!letter.done) {
    letter.job->report(env);
    return;
  }
  letter.job->settle(env);
  if (--expected_ == 0) function_.Unref(env);
}

}  // namespace fep
