#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "multiversion.h"

namespace fep {

/// exp(x) for |x| < 80, written so that compilers turn a loop over it into vector code; about 1 ulp off.
///
/// x = n·ln 2 + r with |r| <= ln 2 / 2; exp(r) by its Taylor series to r^6, whose remainder is below 1.4e-7
/// relative there; times 2^n by building the exponent's bits. ln 2 is split in two (Cody and Waite, "Software
/// Manual for the Elementary Functions", 1980) so that r keeps all its digits.
FEP_INLINE float exponential(float x) {
  constexpr float kRound = 12582912.0f;  // 1.5·2^23: adding it leaves the nearest integer in the low bits
  const float shifted = x * 1.44269504088896f + kRound;
  const float n = shifted - kRound;
  float r = x - n * 0.693359375f;
  r -= n * -2.12194440e-4f;
  float series = 1.0f / 720;
  series = series * r + 1.0f / 120;
  series = series * r + 1.0f / 24;
  series = series * r + 1.0f / 6;
  series = series * r + 0.5f;
  series = series * r + 1.0f;
  series = series * r + 1.0f;
  const auto exponent = std::bit_cast<std::int32_t>(shifted) << 23;
  return std::bit_cast<float>(std::bit_cast<std::int32_t>(series) + exponent);
}

FEP_INLINE double exponential(double x) {
  return std::exp(x);
}

}  // namespace fep
