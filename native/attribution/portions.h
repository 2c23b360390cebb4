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

  /// While it lives, exhausted memory is the caller's to handle: nothing is tried twice.
  class Fixed {
   public:
    explicit Fixed(Portions& portions) : portions_(portions) { portions_.is_fixed_ = true; }
    ~Fixed() { portions_.is_fixed_ = false; }
    Fixed(const Fixed&) = delete;
    Fixed& operator=(const Fixed&) = delete;

   private:
    Portions& portions_;
  };

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
  bool fits(const Work& work, std::int64_t first, std::int64_t count) const {
    try {
      work(first, count);
      return true;
    } catch (const std::exception& error) {
      if (is_fixed_ || count == 1 || !is_out_of_memory(error)) throw;
      return false;
    }
  }

  std::int64_t size_;
  bool is_fixed_ = false;
};

}  // namespace fep
