// Device graphs of a CPU, for the tests of the loop that replays them: what was taken down is done again by
// calling it. So a replay that ought to be another than the iteration that was taken down comes out wrong.
#include <stdexcept>
#include <utility>

#include "ops/common/device_graph.h"

namespace {

class HostGraph final : public fep::DeviceGraph {
 public:
  void capture([[maybe_unused]] const std::function<void()>& work) override {
#if defined(FEP_BROKEN)
    work_ = nullptr;
    throw std::runtime_error("not to be taken down");
#else
    work_ = work;
#endif
  }

  void replay() override { work_(); }

 private:
  std::function<void()> work_;
};

std::unique_ptr<fep::DeviceGraph> make_graph(c10::Device) {
  return std::make_unique<HostGraph>();
}

[[maybe_unused]] const bool offered = (fep::offer_device_graphs(make_graph), true);

}  // namespace
