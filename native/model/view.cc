#include "model/view.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

namespace fep {
namespace {

/// Calls visit(frame of the window, place in the view) for each frame of a view. The last three axes of
/// `clips` are T×H×W. Frame by frame, not by an index: adding by an index has no fixed order on a GPU.
template <typename Visit>
void for_each_frame(const at::Tensor& clips, const View& view, std::int64_t height, std::int64_t width,
                    const Visit& visit) {
  const auto window = clips.narrow(-2, view.top, height).narrow(-1, view.left, width);
  for (std::size_t i = 0; i < view.frames.size(); ++i) {
    visit(window.select(-3, view.frames[i]), static_cast<std::int64_t>(i));
  }
}

/// Views as whole numbers, as an autograd node can keep them: top, left and the frames of each.
std::vector<std::int64_t> packed(const std::vector<View>& views) {
  std::vector<std::int64_t> numbers;
  for (const auto& [frames, top, left] : views) {
    numbers.insert(numbers.end(), {top, left});
    numbers.insert(numbers.end(), frames.begin(), frames.end());
  }
  return numbers;
}

std::vector<View> unpacked(const std::vector<std::int64_t>& numbers, std::int64_t frames) {
  std::vector<View> views;
  for (auto at = numbers.begin(); at != numbers.end(); at += 2 + frames) {
    views.push_back({{at + 2, at + 2 + frames}, at[0], at[1]});
  }
  return views;
}

/// Without it autograd would fill a gradient as large as the clip for every view, several times.
class CutViews : public torch::autograd::Function<CutViews> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& clips,
                            const std::vector<View>& views, std::int64_t height, std::int64_t width) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->saved_data["views"] = packed(views);
    context->saved_data["sizes"] = clips.sizes().vec();
    const auto count = static_cast<std::int64_t>(views.size());
    const auto frames = static_cast<std::int64_t>(views[0].frames.size());
    auto cut = at::empty({count, clips.size(0), clips.size(1), frames, height, width}, clips.options());
    for (std::int64_t v = 0; v < count; ++v) {
      for_each_frame(clips, views[static_cast<std::size_t>(v)], height, width,
                     [&](const at::Tensor& frame, std::int64_t i) { cut[v].select(2, i).copy_(frame); });
    }
    return cut.flatten(0, 1);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto& gradient = gradients[0];
    const auto views = unpacked(context->saved_data["views"].toIntVector(), gradient.size(2));
    const auto of_view = gradient.unflatten(0, {static_cast<std::int64_t>(views.size()), -1});
    auto of_clips = at::zeros(context->saved_data["sizes"].toIntVector(), gradient.options());
    for (std::size_t v = 0; v < views.size(); ++v) {
      const auto view = of_view[static_cast<std::int64_t>(v)];
      for_each_frame(of_clips, views[v], gradient.size(3), gradient.size(4),
                     [&](const at::Tensor& frame, std::int64_t i) { frame.add_(view.select(2, i)); });
    }
    return {of_clips, {}, {}, {}};
  }
};

}  // namespace

at::Tensor cut_views(const at::Tensor& clips, const std::vector<View>& views, std::int64_t height,
                     std::int64_t width) {
  return CutViews::apply(clips, views, height, width);
}

at::Tensor join_views(const std::vector<at::Tensor>& maps, const std::vector<View>& views,
                      at::IntArrayRef sizes) {
  auto sum = at::zeros(sizes, maps[0].options());
  auto seen = at::zeros(sizes, maps[0].options());
  for (std::size_t v = 0; v < views.size(); ++v) {
    const auto& map = maps[v];
    for_each_frame(sum, views[v], map.size(1), map.size(2),
                   [&](const at::Tensor& frame, std::int64_t i) { frame.add_(map[i]); });
    for_each_frame(seen, views[v], map.size(1), map.size(2),
                   [](const at::Tensor& frame, std::int64_t) { frame.add_(1); });
  }
  return sum / seen.clamp_min(1);
}

}  // namespace fep
