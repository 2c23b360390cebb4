#pragma once

#include <chrono>

namespace fep {

/// Limits reports of progress to about ten a second: often enough for people, at no cost.
class ReportClock {
 public:
  /// Whether a report is due; the last one always is.
  bool is_due(bool last) {
    const auto now = std::chrono::steady_clock::now();
    if (!last && now - latest_ < kInterval) return false;
    latest_ = now;
    return true;
  }

 private:
  static constexpr std::chrono::milliseconds kInterval{100};
  std::chrono::steady_clock::time_point latest_;
};

}  // namespace fep
