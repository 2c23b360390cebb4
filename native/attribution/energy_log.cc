#include "attribution/energy_log.h"

#include <ATen/ATen.h>

namespace fep {
namespace {

/// Iterations that are queued on a GPU before their energies are read: enough to keep it busy, few enough for
/// prompt progress and cancellation.
constexpr std::int64_t kStride = 16;

std::vector<float> to_vector(const at::Tensor& values) {
  return {values.const_data_ptr<float>(), values.const_data_ptr<float>() + values.numel()};
}

}  // namespace

EnergyLog::EnergyLog(std::int64_t iterations, at::Device device)
    : iterations_(iterations), stride_(device.is_cpu() ? 1 : kStride) {}

void EnergyLog::add(const at::Tensor& energies) {
  unread_.push_back(energies);
  ++added_;
}

std::vector<Iteration> EnergyLog::read() {
  if (added_ % stride_ != 0 && added_ != iterations_) return {};
  const auto energies = at::stack(unread_).to(at::kCPU);
  const auto first = added_ - static_cast<std::int64_t>(unread_.size());
  unread_.clear();
  std::vector<Iteration> read;
  for (std::int64_t i = 0; i < energies.size(0); ++i) {
    const auto one = energies[i];
    read.push_back({first + i, iterations_, to_vector(one[0]), to_vector(one[1]), to_vector(one[2])});
  }
  return read;
}

}  // namespace fep
