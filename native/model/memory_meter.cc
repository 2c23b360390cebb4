#include "model/memory_meter.h"

#include <c10/core/Allocator.h>

#include <algorithm>
#include <mutex>

namespace fep {

/// libtorch's allocators report every block that they allocate and free, but the CPU's does not report
/// freeing a block that was allocated before the meter existed.
struct MemoryMeter::Record final : c10::MemoryReportingInfoBase {
  void reportMemoryUsage(void*, std::int64_t bytes, std::size_t, std::size_t, c10::Device) override {
    const std::lock_guard lock(mutex);
    now += bytes;
    peak = std::max(peak, now);
  }
  bool memoryProfilingEnabled() const override { return true; }

  std::mutex mutex;
  std::int64_t now = 0;
  std::int64_t peak = 0;
};

MemoryMeter::MemoryMeter()
    : record_(std::make_shared<Record>()), guard_(c10::DebugInfoKind::PROFILER_STATE, record_) {}

std::int64_t MemoryMeter::peak_bytes() const {
  const std::lock_guard lock(record_->mutex);
  return record_->peak;
}

}  // namespace fep
