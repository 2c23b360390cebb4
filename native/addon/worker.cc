#include "addon/worker.h"

#include <ATen/Parallel.h>
#include <c10/util/Exception.h>

#include <utility>

#include "addon/freed_memory.h"

namespace fep {
namespace {

/// libtorch's warnings address authors of operators. What users should know is in a model's check.
class NoWarnings final : public c10::WarningHandler {
 public:
  void process(const c10::Warning&) override {}
};

const Failure kDisposed{"FEP_DISPOSED", "The model was disposed of before this was done."};

/// Returning freed memory and fetching it again takes less than a hundredth of this.
constexpr std::chrono::seconds kGiveBackInterval{10};

}  // namespace

Worker::Worker(std::shared_ptr<Mailbox> mailbox, int threads)
    : mailbox_(std::move(mailbox)), thread_([this, threads] { loop(threads); }) {}

Worker::~Worker() {
  stop();
  join();
}

void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

void Worker::submit(std::shared_ptr<Job> job) {
  mailbox_->expect();
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      queue_.push_back(std::move(job));
      wake_.notify_one();
      return;
    }
  }
  job->fail(kDisposed);
  mailbox_->post_done(std::move(job));
}

void Worker::stop() {
  std::deque<std::shared_ptr<Job>> unstarted;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    unstarted.swap(queue_);
    if (running_) {
      running_->fail(kDisposed);
      running_->cancel();
    }
    wake_.notify_one();
  }
  for (auto& job : unstarted) {
    job->fail(kDisposed);
    mailbox_->post_done(std::move(job));
  }
}

bool Worker::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Worker::rest(std::unique_lock<std::mutex>& lock) {
  const auto wanted = [this] { return stopping_ || !queue_.empty(); };
  const auto due = given_back_ + kGiveBackInterval;
  if (freed_ && (std::chrono::steady_clock::now() >= due || !wake_.wait_until(lock, due, wanted))) {
    lock.unlock();
    give_back();
    lock.lock();
  }
  wake_.wait(lock, wanted);
}

void Worker::give_back() {
  give_back_freed_memory();
  freed_ = false;
  given_back_ = std::chrono::steady_clock::now();
}

std::shared_ptr<Job> Worker::next() {
  std::unique_lock lock(mutex_);
  rest(lock);
  if (stopping_) return nullptr;
  running_ = std::move(queue_.front());
  queue_.pop_front();
  return running_;
}

void Worker::loop(int threads) {
  NoWarnings none;
  const c10::WarningUtils::WarningHandlerGuard quiet(&none);
  if (threads > 0) at::set_num_threads(threads);
  keep_memory_between_iterations();
  while (auto job = next()) {
    try {
      if (!job->cancelled()) job->run();
      if (job->cancelled()) job->fail({"FEP_ABORTED", "The run was stopped."});
    } catch (...) {
      job->fail(describe(std::current_exception()));
    }
    {
      const std::lock_guard lock(mutex_);
      running_.reset();
    }
    mailbox_->post_done(std::move(job));
    freed_ = true;
  }
  if (freed_) give_back();
}

}  // namespace fep
