#include "network/temporal_shift.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <algorithm>
#include <cstdlib>

#include "ops/common/dispatch.h"

namespace fep {

at::Tensor temporal_shift(const at::Tensor& frames, std::int64_t clip_length, std::int64_t share,
                          std::int64_t offset) {
  static const auto op = find_operator<decltype(temporal_shift)>("temporal_shift");
  return op.call(frames, clip_length, share, offset);
}

namespace {

constexpr std::int64_t kTime = 1, kChannels = 2;

/// Channels N×T×c×… from the frame `offset` later.
void shift_channels(const at::Tensor& from, const at::Tensor& to, std::int64_t offset) {
  const auto frames = from.size(kTime), lost = std::min(std::abs(offset), frames), kept = frames - lost;
  to.narrow(kTime, offset < 0 ? lost : 0, kept).copy_(from.narrow(kTime, offset > 0 ? lost : 0, kept));
  to.narrow(kTime, offset < 0 ? 0 : kept, lost).zero_();
}

at::Tensor shift(const at::Tensor& frames, std::int64_t clip_length, std::int64_t share,
                 std::int64_t offset) {
  TORCH_CHECK_VALUE(frames.dim() >= 2, "frames must be N*T x C x ..., got ", frames.sizes());
  TORCH_CHECK_VALUE(clip_length >= 1 && frames.size(0) % clip_length == 0,
                    "the number of frames must be a multiple of the clip's length, ", clip_length, ", got ",
                    frames.size(0));
  TORCH_CHECK_VALUE(share >= 2, "a share of the channels is one in 2 or more, got one in ", share);
  TORCH_CHECK_VALUE(std::abs(offset) == 1, "channels come from a frame's neighbours, got offset ", offset);
  auto output = at::empty_like(frames);
  const auto from = frames.unflatten(0, {-1, clip_length}), to = output.unflatten(0, {-1, clip_length});
  const auto channels = frames.size(1), moved = channels / share;
  const auto move = [&](std::int64_t first, std::int64_t count, std::int64_t by) {
    shift_channels(from.narrow(kChannels, first, count), to.narrow(kChannels, first, count), by);
  };
  move(0, moved, offset);
  move(moved, moved, -offset);
  move(2 * moved, channels - 2 * moved, 0);
  return output;
}

class TemporalShift : public torch::autograd::Function<TemporalShift> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& frames,
                            std::int64_t clip_length, std::int64_t share, std::int64_t offset) {
    at::AutoDispatchBelowADInplaceOrView below;
    auto& saved = context->saved_data;
    saved["clip_length"] = clip_length;
    saved["share"] = share;
    saved["offset"] = offset;
    return shift(frames, clip_length, share, offset);
  }

  /// What came from the next frame goes back to it.
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto number = [&](const char* name) { return context->saved_data.at(name).toInt(); };
    return {
        temporal_shift(gradients[0], number("clip_length"), number("share"), -number("offset")), {}, {}, {}};
  }
};

at::Tensor temporal_shift_autograd(const at::Tensor& frames, std::int64_t clip_length, std::int64_t share,
                                   std::int64_t offset) {
  return TemporalShift::apply(frames, clip_length, share, offset);
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CompositeExplicitAutograd, library) {
  library.impl("temporal_shift", shift);
}
TORCH_LIBRARY_IMPL(fep, Autograd, library) {
  library.impl("temporal_shift", temporal_shift_autograd);
}

}  // namespace fep
