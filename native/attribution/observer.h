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

/// Who may stop a run.
class StopSignal {
 public:
  virtual ~StopSignal() = default;
  virtual bool cancelled() const = 0;
};

/// Nobody.
class NeverStopped final : public StopSignal {
 public:
  bool cancelled() const override { return false; }
};

/// Who is told how far a run is, and may stop it.
class ProgressObserver : public StopSignal {
 public:
  /// `done` of `of` equal pieces of work are done.
  virtual void on_progress(std::int64_t done, std::int64_t of) = 0;
};

/// Who watches the iterations of a run, and may stop it.
class Observer : public StopSignal {
 public:
  /// mask: N×T×H×W, the one that the iteration used; on a GPU, whose iterations are told of some at a time,
  /// the one that the last of them used.
  virtual void on_iteration(const Iteration& iteration, const at::Tensor& mask) = 0;
};

/// The observer asked to stop.
class Cancelled : public std::runtime_error {
 public:
  Cancelled() : std::runtime_error("The run was stopped.") {}
};

/// The energy is not a number any more.
class NumericError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace fep
