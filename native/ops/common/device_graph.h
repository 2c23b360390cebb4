#pragma once

#include <c10/core/Device.h>

#include <functional>
#include <memory>

namespace fep {

/// Work that a device does again by itself, without the program handing it over piece by piece: a CUDA graph.
class DeviceGraph {
 public:
  virtual ~DeviceGraph() = default;

  /// Takes down what `work` gives to the device, which does not do it yet. The work must have been done
  /// before (so that nothing is set up on the way), must not wait for the device, and writes where it wrote
  /// then: into tensors that outlive it, or into those that it makes, which hold the latest replay's values.
  /// @throws what work throws, and when it cannot be taken down; then nothing was
  virtual void capture(const std::function<void()>& work) = 0;

  /// Does it, after what the current stream was given before.
  virtual void replay() = 0;
};

/// Makes a graph for a device, or nullptr where it has none.
using DeviceGraphMaker = std::unique_ptr<DeviceGraph> (*)(c10::Device device);

/// Called by the library that has graphs, when it is loaded.
void offer_device_graphs(DeviceGraphMaker maker);

/// nullptr where no library offers graphs for the device.
std::unique_ptr<DeviceGraph> make_device_graph(c10::Device device);

}  // namespace fep
