#pragma once

#include <c10/util/ThreadLocalDebugInfo.h>

#include <cstdint>
#include <memory>

namespace fep {

/// Measures the peak memory of the tensors that this thread allocates during the meter's lifetime, on any
/// device. What libtorch's kernels take beside tensors, such as oneDNN's scratch space, is not counted.
class MemoryMeter {
 public:
  MemoryMeter();

  std::int64_t peak_bytes() const;

  struct Record;

 private:
  std::shared_ptr<Record> record_;
  c10::DebugInfoGuard guard_;
};

}  // namespace fep
