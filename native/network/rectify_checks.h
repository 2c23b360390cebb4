#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_strided.h>

namespace fep {

/// Elements whose bits share a byte.
constexpr std::int64_t kBits = 8;

/// A tensor whose elements fill its memory in some order, so that a kernel need not know which.
inline at::Tensor dense(const at::Tensor& tensor) {
  return tensor.is_non_overlapping_and_dense() ? tensor : tensor.contiguous();
}

/// A bit for each of n elements.
inline at::Tensor empty_bits(std::int64_t n, const at::Tensor& like) {
  return at::empty({(n + kBits - 1) / kBits}, like.options().dtype(at::kByte));
}

/// Whether a tensor's elements follow each other as with those strides. An axis of a single one has none that
/// matters.
inline bool is_in_order_of(at::IntArrayRef strides, const at::Tensor& tensor) {
  for (std::size_t axis = 0; axis < strides.size(); ++axis) {
    if (tensor.sizes()[axis] != 1 && tensor.strides()[axis] != strides[axis]) return false;
  }
  return tensor.is_non_overlapping_and_dense();
}

/// A gradient in the memory order of what was rectified.
/// @throws c10::ValueError unless there is a bit for each element
inline at::Tensor in_order_of(at::IntArrayRef strides, const at::Tensor& gradient, const at::Tensor& passed) {
  TORCH_CHECK_VALUE(passed.scalar_type() == at::kByte && passed.is_contiguous() &&
                        passed.numel() == (gradient.numel() + kBits - 1) / kBits,
                    "a gradient of ", gradient.sizes(), " needs a bit for each element, got ", passed.sizes(),
                    " of ", passed.scalar_type());
  TORCH_CHECK_VALUE(static_cast<std::int64_t>(strides.size()) == gradient.dim(), "a gradient of ",
                    gradient.sizes(), " needs as many strides, got ", strides);
  if (is_in_order_of(strides, gradient)) return gradient;
  auto ordered = at::empty_strided(gradient.sizes(), strides, gradient.options()).copy_(gradient);
  TORCH_CHECK_VALUE(ordered.is_non_overlapping_and_dense(),
                    "the strides of what was rectified must fill its memory, got ", strides, " for ",
                    gradient.sizes());
  return ordered;
}

}  // namespace fep
