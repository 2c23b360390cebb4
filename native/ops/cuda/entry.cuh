#pragma once

// The kernels that are launched: they call a body for each element or block. Independent of libtorch.

#include "ops/cuda/block.cuh"

namespace fep::cuda {

template <typename Body>
__global__ void element_kernel(const Body body, const Index n) {
  // In 64 bits: the last step may go beyond what an Index holds.
  const auto stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (auto i = static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < n; i += stride) {
    body(static_cast<Index>(i));
  }
}

template <typename Body>
__global__ void __launch_bounds__(Body::kThreads) block_kernel(const Body body) {
  __shared__ typename Body::Shared shared;
  body(Block<Body::kThreads>{}, shared, static_cast<Index>(blockIdx.x));
}

}  // namespace fep::cuda
