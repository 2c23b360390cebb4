#pragma once

// The one place where bodies are launched on a GPU, or in the tests called on the CPU. Nothing here waits for
// the GPU, so that all of it can be captured in a CUDA graph.

#include <limits>

#include "ops/cuda/block.cuh"

#if defined(FEP_ON_HOST)
#include <cstring>
#include <memory>
#else
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAStream.h>

#include "ops/cuda/entry.cuh"
#endif

namespace fep::cuda {

constexpr std::int64_t kMostElements = std::numeric_limits<Index>::max();

#if defined(FEP_ON_HOST)

/// Calls body(i) for i in [0, n).
template <typename Body>
void for_each_element(std::int64_t n, const Body& body) {
  all_at_once(static_cast<Index>(n), body);
}

/// Calls body(block, shared, i) for i in [0, blocks), with Body::kThreads threads and a Body::Shared each,
/// whose bytes are overwritten first: shared memory is not initialised at the start of a block.
template <typename Body>
void for_each_block(std::int64_t blocks, const Body& body) {
  all_at_once(static_cast<Index>(blocks), [&](Index i) {
    const auto shared = std::make_unique_for_overwrite<typename Body::Shared>();
    const OwnMemory own(shared.get(), sizeof(*shared));
    std::memset(static_cast<void*>(shared.get()), 0xA5, sizeof(*shared));
    body(Block<Body::kThreads>{}, *shared, i);
  });
}

#else

/// Calls body(i) for i in [0, n), on the current stream.
template <typename Body>
void for_each_element(std::int64_t n, const Body& body) {
  if (n == 0) return;
  constexpr int kThreads = 256;
  const auto blocks = static_cast<unsigned>((n + kThreads - 1) / kThreads);
  element_kernel<<<blocks, kThreads, 0, c10::cuda::getCurrentCUDAStream()>>>(body, static_cast<Index>(n));
  C10_CUDA_KERNEL_LAUNCH_CHECK();
}

/// Calls body(block, shared, i) for i in [0, blocks), with Body::kThreads threads and a Body::Shared each, on
/// the current stream.
template <typename Body>
void for_each_block(std::int64_t blocks, const Body& body) {
  if (blocks == 0) return;
  const auto grid = static_cast<unsigned>(blocks);
  block_kernel<<<grid, Body::kThreads, 0, c10::cuda::getCurrentCUDAStream()>>>(body);
  C10_CUDA_KERNEL_LAUNCH_CHECK();
}

#endif

}  // namespace fep::cuda
