#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "attribution/observer.h"

namespace fep {

/// The energies of a run's iterations. A GPU lags behind the program, and reading a value waits for it: so
/// its energies stay on the device and are read several iterations at a time.
class EnergyLog {
 public:
  EnergyLog(std::int64_t iterations, at::Device device);

  /// Adds the next iteration's energies of N masks, 3×N.
  void add(const at::Tensor& energies);

  /// Reads the energies that are due; after the last iteration, all that are left.
  /// @returns the iterations that were read, in order
  std::vector<Iteration> read();

 private:
  std::int64_t iterations_, stride_;
  std::int64_t added_ = 0;
  std::vector<at::Tensor> unread_;  ///< 3×N each
};

}  // namespace fep
