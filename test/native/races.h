#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <string>
#include <utility>
#include <vector>

#include "ops/cuda/launch.cuh"

namespace fep::cuda {

std::pair<std::vector<std::string>, std::int64_t> take_races();

/// A sum whose threads read what their neighbours write, with or without a barrier between: the finder has to
/// tell them apart.
struct RacingSum {
  static constexpr int kThreads = 64;
  struct Shared {
    double values[kThreads];
  };

  const double* input;
  double* output;
  bool waits;

  void operator()(const Block<kThreads>& block, Shared& shared, Index i) const {
    const auto neighbour = [](Index thread) { return (thread + 1) % kThreads; };
    const auto sum = [&](Index thread) {
      output[i * kThreads + thread] = shared.values[thread] + shared.values[neighbour(thread)];
    };
    block.each_thread([&](Index thread) {
      shared.values[thread] = input[i * kThreads + thread];
      if (!waits) sum(thread);
    });
    if (waits) block.each_thread(sum);
  }
};

/// Every block writes the same place, or counts there.
struct RacingBlocks {
  static constexpr int kThreads = 4;
  struct Shared {};

  Index* counter;
  bool atomic;
  bool reads;

  void operator()(const Block<kThreads>& block, Shared&, Index i) const {
    block.each_thread([&](Index thread) {
      if (thread > 0) return;
      if (reads && i == 1 && *counter < 0) return;
      if (atomic) {
        count_up(counter);
      } else {
        *counter = i;
      }
    });
  }
};

inline at::Tensor racing_blocks(const at::Tensor& counter, bool atomic, bool reads) {
  auto output = counter.clone();
  for_each_block(3, RacingBlocks{output.mutable_data_ptr<Index>(), atomic, reads});
  return output;
}

inline at::Tensor racing_sum(const at::Tensor& values, bool waits) {
  auto output = at::empty_like(values);
  const RacingSum body{values.const_data_ptr<double>(), output.mutable_data_ptr<double>(), waits};
  for_each_block(values.numel() / RacingSum::kThreads, body);
  return output;
}

}  // namespace fep::cuda
