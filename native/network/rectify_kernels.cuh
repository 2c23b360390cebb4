#pragma once

#include <type_traits>

#include "ops/cuda/host_device.cuh"

namespace fep::cuda {

/// Eight elements of ReLU, and a bit for each that passed; NaN does.
template <typename scalar>
struct RectifyEight {
  /// Half and bfloat16 have more comparisons than one to choose from.
  using Compared = std::conditional_t<std::is_same_v<scalar, double>, double, float>;

  const scalar* input;
  Index n;
  scalar* output;
  std::uint8_t* passed;

  FEP_HOST_DEVICE void operator()(Index byte) const {
    const Index begin = 8 * byte, length = smaller(Index{8}, n - begin);
    unsigned bits = 0;
    for (Index i = 0; i < length; ++i) {
      const scalar value = input[begin + i];
      const bool passes = !(static_cast<Compared>(value) <= 0);
      output[begin + i] = passes ? value : scalar(0);
      bits |= static_cast<unsigned>(passes) << i;
    }
    passed[byte] = static_cast<std::uint8_t>(bits);
  }
};

/// One element of its gradient.
template <typename scalar>
struct GradientOfPassed {
  const scalar* upstream;
  const std::uint8_t* passed;
  scalar* gradient;

  FEP_HOST_DEVICE void operator()(Index i) const {
    gradient[i] = passed[i / 8] >> i % 8 & 1 ? upstream[i] : scalar(0);
  }
};

}  // namespace fep::cuda
