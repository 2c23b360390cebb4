#pragma once

#include <utility>

namespace fep {

/// Makes a visitor known to the operators of a graph that runs on this thread, for as long as it lives.
template <typename Visitor>
class ForwardVisitor {
 public:
  explicit ForwardVisitor(const Visitor& visitor) : previous_(std::exchange(current_, &visitor)) {}
  ~ForwardVisitor() { current_ = previous_; }
  ForwardVisitor(const ForwardVisitor&) = delete;
  ForwardVisitor& operator=(const ForwardVisitor&) = delete;

  /// Of the innermost run; none outside of one.
  static const Visitor* current() { return current_; }

 private:
  inline static thread_local const Visitor* current_ = nullptr;
  const Visitor* previous_;
};

}  // namespace fep
