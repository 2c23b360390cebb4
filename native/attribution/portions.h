#pragma once

#include <algorithm>
#include <cstdint>
#include <exception>

#include "model/out_of_memory.h"

namespace fep {

/// Handles N clips as many at a time as memory holds: when it is exhausted half as many are tried, and the
/// size that fits is kept for the next time.
class Portions {
 public:
  explicit Portions(std::int64_t largest) : size_(largest) {}

  /// Calls work(first, count) for one portion after the other.
  /// @throws what work throws, when that is not for memory or when one clip alone does not fit
  template <typename Work>
  void for_each(std::int64_t n, const Work& work) {
    for (std::int64_t first = 0; first < n;) {
      const auto count = std::min(size_, n - first);
      if (fits(work, first, count)) {
        first += count;
      } else {
        size_ = (count + 1) / 2;
      }
    }
  }

 private:
  /// The next try begins when this one's exception is gone, and with it all that it held.
  template <typename Work>
  static bool fits(const Work& work, std::int64_t first, std::int64_t count) {
    try {
      work(first, count);
      return true;
    } catch (const std::exception& error) {
      if (count == 1 || !is_out_of_memory(error)) throw;
      return false;
    }
  }

  std::int64_t size_;
};

}  // namespace fep
