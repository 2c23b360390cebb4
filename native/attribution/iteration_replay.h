#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "attribution/descent_schedule.h"
#include "attribution/portions.h"
#include "ops/common/device_graph.h"

namespace fep {

/// What an iteration does that another may not. Two that are alike in it are the same work on the same
/// tensors.
struct IterationKind {
  bool is_first = false;
  bool flips = false;
  double area_weight = 0;
  bool has_core = false;
  Pace pace;

  bool operator==(const IterationKind&) const = default;
};

/// What an iteration leaves behind, beside the parameters that it has changed.
struct IterationOutcome {
  at::Tensor mask;           ///< N×T×H×W, the one that it used
  at::Tensor energies;       ///< 3×N: of the reward, the area and the core
  double model_seconds = 0;  ///< in the model, as far as the program waited for it
};

/// Runs the iterations of one run, from a graph of the device (device_graph.h) where one can be had: the
/// first iteration of a kind is run as it is, the second is taken down, and that and all that follow are
/// replayed. So the program's part, which on a GPU takes longer than the GPU's for a small model, is paid for
/// once.
class IterationReplay {
 public:
  using Work = std::function<IterationOutcome()>;

  /// wanted: without it, every iteration is run as it is.
  IterationReplay(bool wanted, at::Device device) : wanted_(wanted), device_(device) {}

  /// portions: of the work, which must take as many while it is taken down as it took before. The outcome's
  /// mask is good until the next iteration.
  IterationOutcome run(const IterationKind& kind, const Work& work, Portions& portions);

  /// How many have come from a graph.
  std::int64_t replayed() const { return replayed_; }

 private:
  struct Known {
    IterationKind kind;
    std::unique_ptr<DeviceGraph> graph;  ///< none before the kind's second iteration
    IterationOutcome outcome;            ///< the replays write here
  };
  Known* find(const IterationKind& kind);
  bool capture(Known& known, const Work& work, Portions& portions);

  bool wanted_;
  at::Device device_;
  std::vector<std::unique_ptr<Known>> known_;  ///< the latest kinds; graphs keep their address
  std::int64_t replayed_ = 0;
};

}  // namespace fep
