#include "ops/common/device_graph.h"

#include <atomic>

namespace fep {
namespace {

std::atomic<DeviceGraphMaker> offered = nullptr;

}  // namespace

void offer_device_graphs(DeviceGraphMaker maker) {
  offered = maker;
}

std::unique_ptr<DeviceGraph> make_device_graph(c10::Device device) {
  const DeviceGraphMaker maker = offered;
  return maker == nullptr ? nullptr : maker(device);
}

}  // namespace fep
