#pragma once

#include "ops/cuda/host_device.cuh"
#if defined(FEP_ON_HOST)
#include "ops/cuda/watch.h"
#endif

namespace fep::cuda {

#if defined(FEP_ON_HOST)
/// On the CPU threads run one after the other. A phase whose result depends on which comes first would be a
/// race on a GPU, so the tests run them in both orders.
inline bool backwards = false;

/// Calls body(i) for i in [0, n), as if at once. The tests are told which call is running, to see what each
/// reads and writes: it has this function's part of the stack, and what is below, to itself.
template <typename Body>
[[gnu::noinline]] void all_at_once(Index n, const Body& body) {
  const Watch watch(__builtin_frame_address(0));
  for (Index i = 0; i < n; ++i) {
    const Index which = backwards ? n - 1 - i : i;
    watch.begin(which);
    body(which);
  }
}
#endif

/// The threads of one block, which work in phases: in each, every thread calls the same function, and no
/// thread begins the next phase before all have ended this one. What outlives a phase lies in shared memory.
/// Within a phase no thread may read what another one writes.
template <int threads>
struct Block {
  template <typename Phase>
  FEP_HOST_DEVICE void each_thread(const Phase& phase) const {
#if defined(__CUDA_ARCH__)
    phase(static_cast<Index>(threadIdx.x));
    __syncthreads();
#elif defined(FEP_ON_HOST)
    all_at_once(threads, phase);
#endif
  }

  /// values[0] becomes the sum of `threads` values, always added in the same order.
  template <typename T>
  FEP_HOST_DEVICE void add_up(T* values) const {
    for (Index half = threads / 2; half > 0; half /= 2) {
      each_thread([=](Index thread) {
        if (thread < half) values[thread] += values[thread + half];
      });
    }
  }

  /// Replaces counts by their running totals, counts[i] by counts[0] + … + counts[i].
  ///
  /// @param spare room for as many
  FEP_HOST_DEVICE void run_totals(Index* counts, Index* spare) const {
    for (Index distance = 1; distance < threads; distance *= 2) {
      each_thread([=](Index thread) {
        spare[thread] = counts[thread] + (thread < distance ? 0 : counts[thread - distance]);
      });
      each_thread([=](Index thread) { counts[thread] = spare[thread]; });
    }
  }
};

/// Adds to a counter that threads share. Whole numbers: the order does not matter.
FEP_HOST_DEVICE inline void count_up(Index* counter, Index by = 1) {
#if defined(__CUDA_ARCH__)
  atomicAdd(counter, by);
#elif defined(FEP_ON_HOST)
  const Atomically atomically;
  *counter += by;
#endif
}

}  // namespace fep::cuda
