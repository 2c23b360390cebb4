// The CUDA operators compiled for the CPU, as operators of the library fep_on_host: every kernel's body runs
// over its whole grid, one thread after the other, so that indexing and maths are proven where there is no
// GPU. Only what belongs to the device is replaced: launches become loops (launch.cuh), and cuFFT becomes the
// Fourier sum below.
//
// Built by test/native/on_host.py with FEP_ON_HOST defined.

#include <ATen/Dispatch.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <numbers>

#include "network/rectify.cu"
#include "ops/area_energy/area_energy.cu"
#include "ops/core_energy/core_energy.cu"
#include "ops/frequency/frequency.cu"
#include "ops/frequency/real_fft.h"
#include "ops/perturb/perturb.cu"
#include "ops/schemas.h"
#include "ops/smooth_mask/smooth_mask.cu"

namespace fep::cuda {
namespace {

/// cos and sin of 2π·jk/n, which j·k mod n determines.
struct Turn {
  double re, im;
  Turn(std::int64_t jk, std::int64_t n)
      : re(std::cos(2 * std::numbers::pi * static_cast<double>(jk % n) / static_cast<double>(n))),
        im(std::sin(2 * std::numbers::pi * static_cast<double>(jk % n) / static_cast<double>(n))) {}
};

}  // namespace

at::Tensor real_fft(const at::Tensor& lines) {
  const auto n = lines.size(1), half = n / 2 + 1;
  auto spectrum = at::empty({lines.size(0), half, 2}, lines.options());
  AT_DISPATCH_FLOATING_TYPES(lines.scalar_type(), "real_fft", [&] {
    const auto* in = lines.const_data_ptr<scalar_t>();
    auto* out = spectrum.mutable_data_ptr<scalar_t>();
    for (std::int64_t i = 0; i < lines.size(0) * half; ++i) {
      double re = 0, im = 0;
      for (std::int64_t j = 0; j < n; ++j) {
        const Turn turn(j * (i % half), n);
        re += turn.re * in[i / half * n + j];
        im -= turn.im * in[i / half * n + j];
      }
      out[2 * i] = static_cast<scalar_t>(re);
      out[2 * i + 1] = static_cast<scalar_t>(im);
    }
  });
  return spectrum;
}

at::Tensor inverse_real_fft(const at::Tensor& spectrum, std::int64_t n) {
  const auto half = n / 2 + 1;
  auto lines = at::empty({spectrum.size(0), n}, spectrum.options());
  AT_DISPATCH_FLOATING_TYPES(spectrum.scalar_type(), "inverse_real_fft", [&] {
    const auto* in = spectrum.const_data_ptr<scalar_t>();
    auto* out = lines.mutable_data_ptr<scalar_t>();
    for (std::int64_t i = 0; i < lines.numel(); ++i) {
      double sum = 0;
      for (std::int64_t k = 0; k < n; ++k) {
        const auto* v = in + 2 * (i / n * half + (k < half ? k : n - k));
        const Turn turn(k * (i % n), n);
        sum += turn.re * v[0] - turn.im * (k < half ? v[1] : -v[1]);
      }
      out[i] = static_cast<scalar_t>(sum);
    }
  });
  return lines;
}

}  // namespace fep::cuda

#if defined(FEP_WATCHED)

#include "races.h"

#endif

// The macro takes the library's name as it is written: one that stands for a name has to become that first.
#define FEP_LIBRARY(name, library) TORCH_LIBRARY(name, library)
FEP_LIBRARY(FEP_OPERATORS, library) {
  fep::declare_operators(library);
  library.def("run_backwards(bool yes) -> ()", [](bool yes) { fep::cuda::backwards = yes; });
#if defined(FEP_WATCHED)
  library.def("take_races() -> (str[], int)", [] {
    auto [races, accesses] = fep::cuda::take_races();
    return std::make_tuple(std::move(races), accesses);
  });
  library.def("racing_blocks(Tensor counter, bool atomic, bool reads) -> Tensor", &fep::cuda::racing_blocks);
  library.def("racing_sum(Tensor values, bool waits) -> Tensor", &fep::cuda::racing_sum);
#endif
}
