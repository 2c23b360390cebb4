#pragma once

#include <chrono>

namespace fep {

/// JavaScript hears of progress about ten times a second: often enough for people, and it costs nothing.
class ReportClock {
 public:
  /// Whether it is time for a report; the last one always is.
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
