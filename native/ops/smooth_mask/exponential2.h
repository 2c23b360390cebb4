#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "ops/common/multiversion.h"

namespace fep {

/// 2^x for |x| < 120, written so that compilers turn a loop over it into vector code; about 1 ulp off.
///
/// x = n + r with |r| <= ½; 2^r by the polynomial of degree 5 whose relative error on that interval is the
/// smallest (9.2e-8) among those that are exactly 1 at 0; times 2^n by building the exponent's bits.
FEP_INLINE float exponential2(float x) {
  constexpr float kRound = 12582912.0f;  // 1.5·2^23: adding it leaves the nearest integer in the low bits
  const float shifted = x + kRound;
  const float r = x - (shifted - kRound);
  float power = 1.326472731e-3f;
  power = power * r + 9.671512991e-3f;
  power = power * r + 5.550733581e-2f;
  power = power * r + 2.402224243e-1f;
  power = power * r + 6.931470037e-1f;
  power = power * r + 1.0f;
  const auto exponent = std::bit_cast<std::int32_t>(shifted) << 23;
  return std::bit_cast<float>(std::bit_cast<std::int32_t>(power) + exponent);
}

FEP_INLINE double exponential2(double x) {
  return std::exp2(x);
}

}  // namespace fep
