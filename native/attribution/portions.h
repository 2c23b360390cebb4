#pragma once

#include <algorithm>
#include <cstdint>
#include <exception>

#include "model/out_of_memory.h"

namespace fep {

/// Processes N clips in portions that fit into memory: when it is exhausted, retries with half as many, and
/// keeps the size that fits for the next time.
class Portions {
 public:
  explicit Portions(std::int64_t largest) : size_(largest) {}

  /// While it lives, nothing is retried: exhausted memory is the caller's to handle.
  class Fixed {
   public:
    explicit Fixed(Portions& portions) : portions_(portions) { portions_.is_fixed_ = true; }
    ~Fixed() { portions_.is_fixed_ = false; }
    Fixed(const Fixed&) = delete;
    Fixed& operator=(const Fixed&) = delete;

   private:
    Portions& portions_;
  };

  /// Calls body(first, count) for one portion after the other.
  /// @throws what body throws, unless memory is exhausted and a smaller portion can be tried
  template <typename Body>
  void for_each(std::int64_t n, const Body& body) {
    for (std::int64_t first = 0; first < n;) {
      const auto count = std::min(size_, n - first);
      if (fits(body, first, count)) {
        first += count;
      } else {
        size_ = (count + 1) / 2;
      }
    }
  }

 private:
  /// Returns only once the exception is destroyed, and with it all that it held, so that the retry finds the
  /// memory free.
  template <typename Body>
  bool fits(const Body& body, std::int64_t first, std::int64_t count) const {
    try {
      body(first, count);
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
