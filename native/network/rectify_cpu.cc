// CPU kernels of the ReLU of frozen networks. See rectify.h.

#include <ATen/Dispatch.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty_like.h>
#include <torch/library.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <tuple>

#include "network/rectify.h"
#include "network/rectify_checks.h"
#include "ops/common/multiversion.h"
#include "ops/common/pieces.h"

namespace fep {
namespace {

/// Packs eight bytes that are 0 or 1 into the bits of one, and back, by multiplications that move each to its
/// place.
FEP_INLINE std::uint8_t pack(const std::uint8_t* bytes) {
  std::uint64_t eight;
  std::memcpy(&eight, bytes, sizeof(eight));
  return static_cast<std::uint8_t>(eight * 0x0102040810204080 >> 56);
}

FEP_INLINE void unpack(std::uint8_t bits, std::uint8_t* bytes) {
  constexpr std::uint64_t kBitOfByte = 0x8040201008040201, kLow = 0x7f7f7f7f7f7f7f7f,
                          kOnes = 0x0101010101010101;
  const auto eight = bits * kOnes & kBitOfByte;
  const auto ones = ((eight + kLow) | eight) >> 7 & kOnes;
  std::memcpy(bytes, &ones, sizeof(ones));
}

/// Elements are processed in runs of this many, whose bytes are packed before they leave the nearest cache.
constexpr std::int64_t kRun = 256;

/// How numbers are stored; the two formats of 16 bits differ in their infinity.
template <typename scalar>
struct Number {
  using Stored = scalar;
  static FEP_INLINE bool passes(Stored x) { return !(x <= 0); }  // so that NaN does
};

template <std::uint16_t infinity>
struct ShortNumber {
  using Stored = std::uint16_t;
  static FEP_INLINE bool passes(Stored x) {
    constexpr std::uint16_t kSign = 0x8000;
    const bool is_nan = (x & ~kSign) > infinity;
    return is_nan || (x != 0 && x < kSign);
  }
};

template <>
struct Number<at::BFloat16> : ShortNumber<0x7f80> {};
template <>
struct Number<at::Half> : ShortNumber<0x7c00> {};

template <typename scalar, typename Stored = typename Number<scalar>::Stored>
FEP_INLINE void rectify_body(const Stored* in, std::int64_t n, Stored* out, std::uint8_t* passed) {
  for (std::int64_t begin = 0; begin < n; begin += kRun) {
    const auto length = std::min(kRun, n - begin);
    alignas(64) std::uint8_t bytes[kRun] = {};
#pragma omp simd
    for (std::int64_t i = 0; i < length; ++i) {
      const bool passes = Number<scalar>::passes(in[begin + i]);
      out[begin + i] = passes ? in[begin + i] : Stored(0);
      bytes[i] = passes;
    }
    for (std::int64_t i = 0; i < length; i += kBits) passed[(begin + i) / kBits] = pack(bytes + i);
  }
}

template <typename Stored>
FEP_INLINE void rectify_backward_body(const Stored* upstream, const std::uint8_t* passed, std::int64_t n,
                                      Stored* gradient) {
  for (std::int64_t begin = 0; begin < n; begin += kRun) {
    const auto length = std::min(kRun, n - begin);
    alignas(64) std::uint8_t bytes[kRun];
    for (std::int64_t i = 0; i < length; i += kBits) unpack(passed[(begin + i) / kBits], bytes + i);
#pragma omp simd
    for (std::int64_t i = 0; i < length; ++i) {
      gradient[begin + i] = bytes[i] ? upstream[begin + i] : Stored(0);
    }
  }
}

#define FEP_DEFINE_LOOPS(scalar)                                                                             \
  FEP_MULTIVERSION void rectify_piece(const scalar* in, std::int64_t n, scalar* out, std::uint8_t* passed) { \
    using Stored = Number<scalar>::Stored;                                                                   \
    rectify_body<scalar>(reinterpret_cast<const Stored*>(in), n, reinterpret_cast<Stored*>(out), passed);    \
  }                                                                                                          \
  FEP_MULTIVERSION void rectify_piece_backward(const scalar* upstream, const std::uint8_t* passed,           \
                                               std::int64_t n, scalar* gradient) {                           \
    using Stored = Number<scalar>::Stored;                                                                   \
    rectify_backward_body(reinterpret_cast<const Stored*>(upstream), passed, n,                              \
                          reinterpret_cast<Stored*>(gradient));                                              \
  }

FEP_DEFINE_LOOPS(float)
FEP_DEFINE_LOOPS(double)
FEP_DEFINE_LOOPS(at::BFloat16)
FEP_DEFINE_LOOPS(at::Half)
#undef FEP_DEFINE_LOOPS

static_assert(kPiece % kBits == 0, "no two pieces may share a byte");

std::tuple<at::Tensor, at::Tensor> rectify_cpu(const at::Tensor& input_in) {
  const auto input = dense(input_in);
  auto output = at::empty_like(input), passed = empty_bits(input.numel(), input);
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, input.scalar_type(), "fep::rectify", [&] {
    const auto* in = input.const_data_ptr<scalar_t>();
    auto* out = output.mutable_data_ptr<scalar_t>();
    auto* bits = passed.mutable_data_ptr<std::uint8_t>();
    for_each_piece(input.numel(), [&](std::int64_t, std::int64_t begin, std::int64_t n) {
      rectify_piece(in + begin, n, out + begin, bits + begin / kBits);
    });
  });
  return {output, passed};
}

at::Tensor rectify_backward_cpu(const at::Tensor& upstream_in, const at::Tensor& passed,
                                at::IntArrayRef strides) {
  const auto upstream = in_order_of(strides, upstream_in, passed);
  auto gradient = at::empty_like(upstream);
  AT_DISPATCH_FLOATING_TYPES_AND2(
      at::kBFloat16, at::kHalf, upstream.scalar_type(), "fep::rectify_backward", [&] {
        const auto* up = upstream.const_data_ptr<scalar_t>();
        const auto* bits = passed.const_data_ptr<std::uint8_t>();
        auto* out = gradient.mutable_data_ptr<scalar_t>();
        for_each_piece(upstream.numel(), [&](std::int64_t, std::int64_t begin, std::int64_t n) {
          rectify_piece_backward(up + begin, bits + begin / kBits, n, out + begin);
        });
      });
  return gradient;
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CPU, library) {
  library.impl("rectify_with_passed", rectify_cpu);
  library.impl("rectify_backward", rectify_backward_cpu);
}

}  // namespace fep
