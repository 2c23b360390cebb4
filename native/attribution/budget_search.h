#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace fep {

/// Looks for the smallest mask that is enough: one whose reward has at most a given energy.
///
/// While a run goes on, its budget follows the mask: far below its size as long as it is enough, above it
/// where it is not. So the mask shrinks until it loses the class, and then stays about as large as it has to
/// be, while the descent goes on improving it.
class BudgetSearch {
 public:
  /// A mask that an iteration used.
  struct Visited {
    at::Tensor mask;  ///< T×H×W
    std::int64_t iteration;
    double budget;  ///< a, in that iteration
    double size;    ///< share of the frame: where it is at least ½, or its mean if that is more
    double energy;  ///< of the reward
  };

  /// enough: the most energy that the reward may have; first: the budget to begin with; most: the largest
  /// there can be; frame: the frame's share of what budgets count.
  BudgetSearch(double enough, double first, double most, double frame)
      : enough_(enough), budget_(first), most_(most), frame_(frame) {}

  /// a of the next iteration.
  double budget() const { return budget_; }

  /// Sees the only mask of an iteration, 1×T×H×W, and its reward's energy.
  void see(const at::Tensor& mask, double energy);

  /// Of all masks of about the same size, the smallest that is enough, else the one with the least energy; in
  /// ascending order of their sizes.
  std::vector<Visited> found() const;

 private:
  bool is_enough(const Visited& one) const { return one.energy <= enough_; }
  bool is_better(const Visited& one, const Visited& other) const;

  double enough_, budget_, most_, frame_;
  std::int64_t seen_ = 0;
  int misses_ = 0;             ///< how many of the latest masks in a row were not enough
  std::vector<Visited> best_;  ///< at most one of about each size
};

}  // namespace fep
