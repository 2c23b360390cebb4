#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace fep {

/// Calls body(i) for i in [0, n), in parallel. Each thread makes its own body, and takes the next i when it
/// is done with one: so items that differ in cost, as frames do with their masks, keep no thread waiting.
template <typename MakeBody>
void hand_out(std::int64_t n, const MakeBody& make_body) {
  std::atomic<std::int64_t> next = 0;
  const auto threads = std::min<std::int64_t>(n, at::get_num_threads());
  at::parallel_for(0, threads, 1, [&](std::int64_t, std::int64_t) {
    auto body = make_body();
    for (auto i = next++; i < n; i = next++) body(i);
  });
}

}  // namespace fep
