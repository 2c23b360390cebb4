#pragma once

#include "ops/common/multiversion.h"

namespace fep {

/// Winograd's minimal filtering along one axis [Winograd 1980; Lavin & Gray 2016]: outputs of a correlation
/// from products of sums of inputs with sums of taps, fewer of them than inputs times taps.

/// F(4, 3): four neighbouring outputs of three taps by six products instead of twelve. A product is the value
/// of a polynomial at a point: 0, ±a, ±b and infinity. With a = 3/4 and b = 4/3 they round several times less
/// than the usual 1 and 2 [Barabasz et al. 2020, "Error analysis and improving the accuracy of Winograd
/// convolution for deep neural networks"].
struct ThreeTaps {
  static constexpr int kProducts = 6, kOutputs = 4, kTaps = 3;
  static constexpr double kA = 3. / 4, kB = 4. / 3, kAA = kA * kA, kBB = kB * kB;

  /// The factors of the six products that inputs (as many) give.
  static FEP_INLINE void factors_of_inputs(const float (&x)[kProducts], float (&factors)[kProducts]) {
    constexpr float a = kA, b = kB, aa = kAA, bb = kBB, sum = kAA + kBB, product = kAA * kBB;
    const float even_a = x[4] - bb * x[2], odd_a = a * (x[3] - bb * x[1]);
    const float even_b = x[4] - aa * x[2], odd_b = b * (x[3] - aa * x[1]);
    factors[0] = (product * x[0] + x[4]) - sum * x[2];
    factors[1] = even_a + odd_a;
    factors[2] = even_a - odd_a;
    factors[3] = even_b + odd_b;
    factors[4] = even_b - odd_b;
    factors[5] = (product * x[1] + x[5]) - sum * x[3];
  }

  static FEP_INLINE void outputs_of_products(const float (&p)[kProducts], float (&y)[kOutputs]) {
    constexpr float a = kA, b = kB, aa = kAA, bb = kBB, aaa = kAA * kA, bbb = kBB * kB;
    const float sum_a = p[1] + p[2], difference_a = p[1] - p[2];
    const float sum_b = p[3] + p[4], difference_b = p[3] - p[4];
    y[0] = p[0] + (sum_a + sum_b);
    y[1] = a * difference_a + b * difference_b;
    y[2] = aa * sum_a + bb * sum_b;
    y[3] = aaa * difference_a + (bbb * difference_b + p[5]);
  }

  /// The factors that taps give, product × tap: 1, x, x² at each point x, over the product of its distances
  /// from the other points.
  static constexpr double kOfA = 1 / (2 * kAA * (kAA - kBB)), kOfB = 1 / (2 * kBB * (kBB - kAA));
  static constexpr double kFactorsOfTaps[kProducts][kTaps] = {
      {1 / (kAA * kBB), 0, 0},       {kOfA, kOfA * kA, kOfA * kAA},  {kOfA, -kOfA * kA, kOfA * kAA},
      {kOfB, kOfB * kB, kOfB * kBB}, {kOfB, -kOfB * kB, kOfB * kBB}, {0, 0, 1}};
};

/// An axis that a kernel does not move along.
struct OneTap {
  static constexpr int kProducts = 1, kOutputs = 1, kTaps = 1;

  static FEP_INLINE void factors_of_inputs(const float (&x)[1], float (&factors)[1]) { factors[0] = x[0]; }
  static FEP_INLINE void outputs_of_products(const float (&p)[1], float (&y)[1]) { y[0] = p[0]; }
  static constexpr double kFactorsOfTaps[1][1] = {{1}};
};

}  // namespace fep
