#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "addon/job.h"
#include "addon/mailbox.h"

namespace fep {

/// The thread of one model on one device, and its queue of jobs.
///
/// Jobs do not run in libuv's pool: its threads serve files and DNS too, and each that entered libtorch would
/// start an OpenMP team of its own.
class Worker {
 public:
  /// `threads`: size of libtorch's team for operators on this thread; 0 for libtorch's default.
  Worker(std::shared_ptr<Mailbox> mailbox, int threads);

  /// Stops and waits for the thread, at most one iteration.
  ~Worker();

  /// Queues a job; on the JavaScript thread.
  void submit(std::shared_ptr<Job> job);

  /// Stops without waiting: running and queued jobs reject with FEP_DISPOSED. May be called again.
  void stop();

  /// Waits for the thread to end; after stop(). May be called again.
  void join();

  bool stopped() const;

 private:
  void loop(int threads);
  std::shared_ptr<Job> next();
  /// Waits for a job or for stop(); meanwhile returns freed memory, but not too often.
  void rest(std::unique_lock<std::mutex>& lock);
  void give_back();

  std::shared_ptr<Mailbox> mailbox_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Job>> queue_;
  std::shared_ptr<Job> running_;
  bool stopping_ = false;
  // Used by the thread only: whether jobs have freed memory since it was last returned, and when that was.
  bool freed_ = false;
  std::chrono::steady_clock::time_point given_back_;
  std::thread thread_;
};

}  // namespace fep
