#pragma once

// What kernel bodies are written with. A body is a struct whose operator() computes one element, or what one
// block of threads computes; launch.cuh runs it on the GPU. The tests compile the very same files with an
// ordinary compiler (FEP_ON_HOST) and run them on the CPU.

#include <cmath>
#include <cstdint>
#include <cstring>

#if defined(__CUDACC__)
#define FEP_HOST_DEVICE __host__ __device__
#else
#define FEP_HOST_DEVICE
#endif

namespace fep::cuda {

/// Counts elements. 64-bit division is slow on a GPU, so callers check that 32 bits suffice.
using Index = std::int32_t;

template <typename T>
FEP_HOST_DEVICE T smaller(T a, T b) {
  return b < a ? b : a;
}

template <typename T>
FEP_HOST_DEVICE T larger(T a, T b) {
  return a < b ? b : a;
}

FEP_HOST_DEVICE inline float power_of_2(float x) {
  return ::exp2f(x);
}
FEP_HOST_DEVICE inline double power_of_2(double x) {
  return ::exp2(x);
}

}  // namespace fep::cuda
