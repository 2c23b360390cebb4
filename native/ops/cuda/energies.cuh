#pragma once

// What the kernels of both energies share.

#include "ops/cuda/block.cuh"

namespace fep::cuda {

/// Ranks go to the GPU as arguments of a kernel, this many at a time: nothing has to be copied then.
constexpr Index kRanks = 64;

/// Adds up `parts` parts of each mask's energy.
template <typename scalar>
struct AddUpEnergy {
  static constexpr int kThreads = 256;
  struct Shared {
    double sums[kThreads];
  };

  Index parts;
  double weight;
  const double* energies;  ///< masks × parts
  scalar* output;

  FEP_HOST_DEVICE void operator()(const Block<kThreads>& block, Shared& shared, Index mask) const {
    auto* sums = shared.sums;
    block.each_thread([&, sums](Index thread) {
      double sum = 0;
      for (Index part = thread; part < parts; part += kThreads) {
        sum += energies[static_cast<std::int64_t>(mask) * parts + part];
      }
      sums[thread] = sum;
    });
    block.add_up(sums);
    block.each_thread([&, sums](Index thread) {
      if (thread == 0) output[mask] = static_cast<scalar>(sums[0] * weight);
    });
  }
};

}  // namespace fep::cuda
