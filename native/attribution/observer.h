#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <stdexcept>
#include <vector>

namespace fep {

/// One iteration's energies, already weighted, for each of N masks.
struct Iteration {
  std::int64_t number = 0;  ///< 0-based
  std::int64_t of = 0;
  std::vector<float> reward, area, core;
};

/// Can stop a run.
class StopSignal {
 public:
  virtual ~StopSignal() = default;
  virtual bool cancelled() const = 0;
};

/// Never does.
class NeverStopped final : public StopSignal {
 public:
  bool cancelled() const override { return false; }
};

/// Is told how far a run is, and can stop it.
class ProgressObserver : public StopSignal {
 public:
  /// `done` of `of` equal pieces of work are done.
  virtual void on_progress(std::int64_t done, std::int64_t of) = 0;
};

/// Watches the iterations of a run, and can stop it.
class Observer : public StopSignal {
 public:
  /// mask: N×T×H×W, the one that the iteration used; on a GPU, whose iterations are reported several at a
  /// time, the one that the last of them used.
  virtual void on_iteration(const Iteration& iteration, const at::Tensor& mask) = 0;
};

/// The observer asked to stop.
class Cancelled : public std::runtime_error {
 public:
  Cancelled() : std::runtime_error("The run was stopped.") {}
};

/// An energy or a map is not finite.
class NumericError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace fep
