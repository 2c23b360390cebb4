#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "attribution/descent_schedule.h"
#include "attribution/frequency_modulation.h"
#include "attribution/portions.h"
#include "ops/common/device_graph.h"

namespace fep {

/// What tells iterations apart. Two of the same kind are the same operations on the same tensors.
struct IterationKind {
  bool is_first = false;
  bool flips = false;
  double area_weight = 0;
  bool has_core = false;
  Pace pace;
  BandsNow bands;
  double frames_bound = 1;
  double budget = 0;  ///< of a search for the smallest mask, which changes it

  bool operator==(const IterationKind&) const = default;
};

/// What an iteration returns, beside the parameters that it has updated.
struct IterationOutcome {
  at::Tensor mask;           ///< N×T×H×W, the one that it used
  at::Tensor energies;       ///< 3×N: of the reward, the area and the core
  double model_seconds = 0;  ///< in the model, as far as the program waited for it
};

/// Runs the iterations of one run, from a graph of the device (ops/common/device_graph.h) where it has
/// graphs: the first iteration of a kind runs as usual, the second is captured, and that one and all later
/// ones are replayed. So the host's share of an iteration, which for a small model takes longer than the
/// GPU's, is paid once.
class IterationReplay {
 public:
  using Iterate = std::function<IterationOutcome()>;

  /// wanted: if false, every iteration runs as usual.
  IterationReplay(bool wanted, at::Device device) : wanted_(wanted), device_(device) {}

  /// portions: those that the iteration uses, whose size is fixed during the capture. The outcome's mask is
  /// valid until the next iteration.
  IterationOutcome run(const IterationKind& kind, const Iterate& iterate, Portions& portions);

  /// How many iterations were replayed.
  std::int64_t replayed() const { return replayed_; }

 private:
  struct Known {
    IterationKind kind;
    std::unique_ptr<DeviceGraph> graph;  ///< empty before the kind's second iteration
    IterationOutcome outcome;            ///< the replays write here
  };
  Known* find(const IterationKind& kind);
  bool capture(Known& known, const Iterate& iterate, Portions& portions);

  bool wanted_;
  at::Device device_;
  std::vector<std::unique_ptr<Known>> known_;  ///< the latest kinds, at addresses that graphs write to
  std::int64_t replayed_ = 0;
};

}  // namespace fep
