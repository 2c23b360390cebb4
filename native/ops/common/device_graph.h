#pragma once

#include <c10/core/Device.h>

#include <functional>
#include <memory>

namespace fep {

/// Operations that a device can repeat as a whole, without the host launching each of them: a CUDA graph.
class DeviceGraph {
 public:
  virtual ~DeviceGraph() = default;

  /// Records what `work` launches on the device, without running it. The work must have run before (so that
  /// nothing is set up on the way) and must not wait for the device. A replay writes where the recorded work
  /// wrote: into tensors that outlive it, or into those that it made, which then hold the latest replay's
  /// values.
  /// @throws what work throws, and when it cannot be captured; nothing is captured then
  virtual void capture(const std::function<void()>& work) = 0;

  /// Runs it, after what is already queued on the current stream.
  virtual void replay() = 0;
};

/// Makes a graph for a device, or returns nullptr where it has none.
using DeviceGraphMaker = std::unique_ptr<DeviceGraph> (*)(c10::Device device);

/// Called by the library that implements graphs, when it is loaded.
void offer_device_graphs(DeviceGraphMaker maker);

/// nullptr where no library offers graphs for the device.
std::unique_ptr<DeviceGraph> make_device_graph(c10::Device device);

}  // namespace fep
