#include "addon/freed_memory.h"

#include <cstdlib>
#include <mutex>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "network/tensor_pool.h"

namespace fep {

#ifdef __GLIBC__
namespace {

// With lower thresholds, glibc would fetch a tensor's memory from the system and return it in every
// iteration: thousands of page faults, 4 to 6 % of a small model's time. Its own thresholds rise only as
// larger blocks are freed.
constexpr int kMmapThreshold = 32 << 20;
constexpr int kTrimThreshold = 2 * kMmapThreshold;

/// Whether the thresholds are the user's own; read once, when a JavaScript thread loads the addon: no other
/// thread may read the environment while that one may write it.
const bool thresholds_are_set = std::getenv("MALLOC_TRIM_THRESHOLD_") != nullptr ||
                                std::getenv("MALLOC_MMAP_THRESHOLD_") != nullptr ||
                                std::getenv("GLIBC_TUNABLES") != nullptr;

/// Returns the free end of this thread's heap, up to 64 MiB, which malloc_trim() leaves. Only free() does
/// that: after a block that is not small, and only above the threshold.
void trim_end_of_heap() {
  constexpr std::size_t kNotSmall = 128 << 10;
  mallopt(M_TRIM_THRESHOLD, 0);
  void* volatile block = std::malloc(kNotSmall);  // volatile: else the compiler removes both calls
  std::free(block);
  mallopt(M_TRIM_THRESHOLD, kTrimThreshold);
}

}  // namespace
#endif

void keep_memory_between_iterations() {
  pool_large_tensors();
#ifdef __GLIBC__
  if (thresholds_are_set) return;
  mallopt(M_MMAP_THRESHOLD, kMmapThreshold);
  mallopt(M_TRIM_THRESHOLD, kTrimThreshold);
#endif
}

void give_back_freed_memory() {
  empty_tensor_pool();
#ifdef __GLIBC__
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  malloc_trim(0);
  if (!thresholds_are_set) trim_end_of_heap();
#endif
}

}  // namespace fep
