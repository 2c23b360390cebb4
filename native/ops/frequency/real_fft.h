#pragma once

#include <ATen/core/Tensor.h>

namespace fep::cuda {

/// The Fourier transforms of real lines, batch×n to batch×(n/2+1)×2 (real and imaginary parts): e^(−2πijk/n),
/// not scaled. On the current stream, by a plan that is made once for each (n, batch, type, device).
at::Tensor real_fft(const at::Tensor& lines);

/// The inverse, not scaled either: batch×(n/2+1)×2 to batch×n. Overwrites its input.
at::Tensor inverse_real_fft(const at::Tensor& spectrum, std::int64_t n);

}  // namespace fep::cuda
