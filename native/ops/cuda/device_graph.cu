// CUDA graphs. See ../device_graph.h for what they are for.

#include "../device_graph.h"

#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

namespace fep::cuda {
namespace {

class CudaGraph final : public DeviceGraph {
 public:
  explicit CudaGraph(c10::Device device) : device_(device) {}

  void capture(const std::function<void()>& work) override {
    const c10::cuda::CUDAGuard on_device(device_);
    C10_CUDA_CHECK(cudaDeviceSynchronize());  // what is still to be done was given to another stream
    constexpr bool kHighPriority = false;
    const c10::cuda::CUDAStreamGuard aside(c10::cuda::getStreamFromPool(kHighPriority, device_.index()));
    // Of this thread alone: other models of the process go on on theirs.
    graph_.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
    try {
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
  /// Ends a capture that came to nothing, so that its stream and the allocator are free again.
  void abandon() noexcept {
    try {
      graph_.capture_end();
    } catch (...) {  // it says again what went wrong
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
