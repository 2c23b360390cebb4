#include "ops/frequency/small_grid_transform.h"

#include <ATen/Dispatch.h>
#include <ATen/ops/empty_like.h>

#include <algorithm>

#include "ops/common/multiversion.h"

namespace fep {
namespace {

/// Up to this many products, one thread is done before MKL has woken its threads.
constexpr std::int64_t kMostProducts = std::int64_t{1} << 20;

/// out[o][k][·] = Σ_j left[o][k][j]·right[o][j][·]: rows of length `inner`, `outer` times. What does not
/// change from one o to the next has a stride of 0.
template <typename scalar>
struct Product {
  const scalar* left;
  std::int64_t left_stride;
  const scalar* right;
  std::int64_t right_stride;
  std::int64_t outer, rows, terms, inner;
};

template <typename scalar>
FEP_INLINE void multiply_body(const Product<scalar>& product, scalar* out) {
  const auto& [left, left_stride, right, right_stride, outer, rows, terms, columns] = product;
  const std::int64_t inner = columns;  // clang's OpenMP takes no structured binding
  for (std::int64_t o = 0; o < outer; ++o) {
    for (std::int64_t k = 0; k < rows; ++k, out += inner) {
      std::fill_n(out, inner, scalar(0));
      for (std::int64_t j = 0; j < terms; ++j) {
        const auto factor = left[o * left_stride + k * terms + j];
        const auto* row = right + o * right_stride + j * inner;
#pragma omp simd
        for (std::int64_t i = 0; i < inner; ++i) out[i] += factor * row[i];
      }
    }
  }
}

FEP_MULTIVERSION void multiply(const Product<float>& product, float* out) {
  multiply_body(product, out);
}
FEP_MULTIVERSION void multiply(const Product<double>& product, double* out) {
  multiply_body(product, out);
}

}  // namespace

bool is_small_grid(const at::Tensor& input) {
  const auto type = input.scalar_type();
  return input.is_cpu() && (type == at::kFloat || type == at::kDouble) &&
         input.numel() * (input.size(-3) + input.size(-2) + input.size(-1)) <= kMostProducts;
}

at::Tensor transform_small_grid(const at::Tensor& input, const at::Tensor& along_t, const at::Tensor& along_h,
                                const at::Tensor& along_w) {
  const auto t = input.size(-3), h = input.size(-2), w = input.size(-1), planes = input.numel() / (h * w);
  const auto grid = input.contiguous(), to_t = along_t.contiguous(), to_h = along_h.contiguous(),
             from_w = along_w.t().contiguous();
  auto one = at::empty_like(grid), other = at::empty_like(grid);
  AT_DISPATCH_FLOATING_TYPES(grid.scalar_type(), "fep::transform_small_grid", [&] {
    auto *first = one.mutable_data_ptr<scalar_t>(), *second = other.mutable_data_ptr<scalar_t>();
    const auto* source = grid.const_data_ptr<scalar_t>();
    multiply({source, 0, from_w.const_data_ptr<scalar_t>(), 0, 1, planes * h, w, w}, first);
    multiply({to_h.const_data_ptr<scalar_t>(), 0, first, h * w, planes, h, h, w}, second);
    multiply({to_t.const_data_ptr<scalar_t>(), 0, second, t * h * w, planes / t, t, t, h * w}, first);
  });
  return one;
}

}  // namespace fep
