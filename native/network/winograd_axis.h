#pragma once

#include "ops/common/multiversion.h"

namespace fep {

/// Winograd's minimal filtering along one axis [Winograd 1980; Lavin & Gray 2016]: outputs of a correlation
/// from products of sums of inputs with sums of taps, fewer of them than inputs times taps.

/// F(2, 3): two neighbouring outputs of three taps by four products instead of six.
struct ThreeTaps {
  static constexpr int kProducts = 4, kOutputs = 2, kTaps = 3;

  /// The factors of the four products that inputs (as many) give.
  static FEP_INLINE void factors_of_inputs(const float (&x)[kProducts], float (&factors)[kProducts]) {
    factors[0] = x[0] - x[2];
    factors[1] = x[1] + x[2];
    factors[2] = x[2] - x[1];
    factors[3] = x[1] - x[3];
  }

  static FEP_INLINE void outputs_of_products(const float (&p)[kProducts], float (&y)[kOutputs]) {
    y[0] = p[0] + p[1] + p[2];
    y[1] = p[1] - p[2] - p[3];
  }

  /// The factors that taps give: product × tap.
  static constexpr double kFactorsOfTaps[kProducts][kTaps] = {
      {1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};

  /// The place of a factor when the taps are in reverse order: the outer ones are swapped.
  static constexpr int reversed(int product) { return product % 3 == 0 ? 3 - product : product; }
};

/// An axis that a kernel does not move along.
struct OneTap {
  static constexpr int kProducts = 1, kOutputs = 1, kTaps = 1;

  static FEP_INLINE void factors_of_inputs(const float (&x)[1], float (&factors)[1]) { factors[0] = x[0]; }
  static FEP_INLINE void outputs_of_products(const float (&p)[1], float (&y)[1]) { y[0] = p[0]; }
  static constexpr double kFactorsOfTaps[1][1] = {{1}};
  static constexpr int reversed(int product) { return product; }
};

}  // namespace fep
