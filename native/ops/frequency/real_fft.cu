#include "ops/frequency/real_fft.h"

#include <ATen/ops/empty.h>
#include <c10/cuda/CUDAStream.h>
#include <cufft.h>

#include <map>
#include <mutex>
#include <tuple>

namespace fep::cuda {
namespace {

void check(cufftResult result, const char* what) {
  TORCH_CHECK(result == CUFFT_SUCCESS, "cuFFT failed in ", what, " with error ", static_cast<int>(result));
}

struct Plan {
  cufftHandle handle = 0;
  std::size_t workspace = 0;  ///< bytes
};

/// (n, batch, type of transform, device)
using PlanKey = std::tuple<std::int64_t, std::int64_t, cufftType, c10::DeviceIndex>;

/// Made once and kept; never destroyed: at the end of a process the driver may be gone before. Its workspace
/// comes from libtorch's allocator, call by call.
const Plan& plan_of(const PlanKey& key) {
  static auto& plans = *new std::map<PlanKey, Plan>;
  auto& plan = plans[key];
  if (plan.handle != 0) return plan;
  const auto [length, batch, type, device] = key;
  cufftHandle handle = 0;
  check(cufftCreate(&handle), "cufftCreate");
  check(cufftSetAutoAllocation(handle, 0), "cufftSetAutoAllocation");
  long long n = length;
  check(cufftMakePlanMany64(handle, 1, &n, nullptr, 1, 0, nullptr, 1, 0, type, batch, &plan.workspace),
        "cufftMakePlanMany64");
  plan.handle = handle;
  return plan;
}

/// Runs execute(plan's handle). Plans hold a stream and a workspace while they run, so one at a time.
template <typename Execute>
void with_plan(const PlanKey& key, const at::TensorOptions& options, const Execute& execute) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  const auto& plan = plan_of(key);
  const auto workspace = at::empty({static_cast<std::int64_t>(plan.workspace)}, options.dtype(at::kByte));
  check(cufftSetStream(plan.handle, c10::cuda::getCurrentCUDAStream()), "cufftSetStream");
  check(cufftSetWorkArea(plan.handle, workspace.mutable_data_ptr()), "cufftSetWorkArea");
  check(execute(plan.handle), "its execution");
}

}  // namespace

at::Tensor real_fft(const at::Tensor& lines) {
  const auto batch = lines.size(0), n = lines.size(1);
  auto spectrum = at::empty({batch, n / 2 + 1, 2}, lines.options());
  const bool single = lines.scalar_type() == at::kFloat;
  auto *in = lines.mutable_data_ptr(), *out = spectrum.mutable_data_ptr();
  with_plan({n, batch, single ? CUFFT_R2C : CUFFT_D2Z, lines.device().index()}, lines.options(),
            [&](cufftHandle plan) {
              return single ? cufftExecR2C(plan, static_cast<cufftReal*>(in), static_cast<cufftComplex*>(out))
                            : cufftExecD2Z(plan, static_cast<cufftDoubleReal*>(in),
                                           static_cast<cufftDoubleComplex*>(out));
            });
  return spectrum;
}

at::Tensor inverse_real_fft(const at::Tensor& spectrum, std::int64_t n) {
  const auto batch = spectrum.size(0);
  auto lines = at::empty({batch, n}, spectrum.options());
  const bool single = spectrum.scalar_type() == at::kFloat;
  auto *in = spectrum.mutable_data_ptr(), *out = lines.mutable_data_ptr();
  with_plan({n, batch, single ? CUFFT_C2R : CUFFT_Z2D, spectrum.device().index()}, spectrum.options(),
            [&](cufftHandle plan) {
              return single ? cufftExecC2R(plan, static_cast<cufftComplex*>(in), static_cast<cufftReal*>(out))
                            : cufftExecZ2D(plan, static_cast<cufftDoubleComplex*>(in),
                                           static_cast<cufftDoubleReal*>(out));
            });
  return lines;
}

}  // namespace fep::cuda
