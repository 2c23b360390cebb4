// CUDA graphs. See ops/common/device_graph.h for what they are for.

#include "ops/common/device_graph.h"

#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include <map>
#include <mutex>

namespace fep::cuda {
namespace {

/// The stream on which a thread captures, one for each device: libraries keep a workspace for every stream
/// that they encounter.
c10::cuda::CUDAStream stream_aside(c10::DeviceIndex device) {
  thread_local std::map<c10::DeviceIndex, c10::cuda::CUDAStream> streams;
  constexpr bool kHighPriority = false;
  return streams.try_emplace(device, c10::cuda::getStreamFromPool(kHighPriority, device)).first->second;
}

class CudaGraph final : public DeviceGraph {
 public:
  explicit CudaGraph(c10::Device device) : device_(device) {}

  void capture(const std::function<void()>& work) override {
    static std::mutex one_at_a_time;  // models have threads of their own; the allocator is the process's
    const std::lock_guard lock(one_at_a_time);
    const c10::cuda::CUDAGuard on_device(device_);
    c10::cuda::getCurrentCUDAStream().synchronize();  // what comes before may still use what is freed below
    c10::cuda::CUDACachingAllocator::emptyCache();    // a graph has memory of its own: as much again
    const c10::cuda::CUDAStreamGuard aside(stream_aside(device_.index()));
    try {
      // Captures this thread only: other models of the process continue on theirs.
      graph_.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
      work();
    } catch (...) {
      abandon();
      throw;
    }
    graph_.capture_end();
  }

  void replay() override {
    const c10::cuda::CUDAGuard on_device(device_);
    graph_.replay();
  }

 private:
  /// Ends a capture that failed, so that its stream and the allocator are free again.
  void abandon() noexcept {
    try {
      graph_.capture_end();
    } catch (...) {  // it reports the same error again
      [[maybe_unused]] const auto cleared = cudaGetLastError();
    }
  }

  c10::Device device_;
  at::cuda::CUDAGraph graph_;
};

std::unique_ptr<DeviceGraph> make_graph(c10::Device device) {
  return device.is_cuda() ? std::make_unique<CudaGraph>(device) : nullptr;
}

[[maybe_unused]] const bool offered = (offer_device_graphs(make_graph), true);

}  // namespace
}  // namespace fep::cuda
