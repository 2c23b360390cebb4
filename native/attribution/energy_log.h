#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "attribution/observer.h"

namespace fep {

/// The energies of a run's iterations. A GPU works ahead of the program, and to read a value is to wait for
/// it: there they stay on the device, and are read some iterations at a time.
class EnergyLog {
 public:
  EnergyLog(std::int64_t iterations, at::Device device);

  /// Of the next iteration: the energies of N masks, 3×N.
  void add(const at::Tensor& energies);

  /// Reads what is to be read by now, which after the last iteration is everything.
  /// @returns the iterations that were read, in order
  std::vector<Iteration> read();

 private:
  std::int64_t iterations_, stride_;
  std::int64_t added_ = 0;
  std::vector<at::Tensor> unread_;  ///< 3×N each
};

}  // namespace fep
