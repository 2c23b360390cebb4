#include "smooth_mask.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>

#include "dispatch.h"

namespace fep {

MaskAxis mask_axis(std::int64_t frame, std::int64_t step, double sigma) {
  TORCH_CHECK_VALUE(frame >= 1, "the mask generator needs a frame of at least one pixel, got ", frame);
  TORCH_CHECK_VALUE(step >= 1, "step must be a whole number of pixels, at least 1, got ", step);
  TORCH_CHECK_VALUE(sigma > 0 && std::isfinite(sigma), "sigma must be positive and finite, got ", sigma);
  const auto ceil_steps = [step](double length) {
    return static_cast<std::int64_t>(std::ceil(length / static_cast<double>(step)));
  };
  MaskAxis axis{};
  axis.frame = frame;
  axis.points = (frame + step - 1) / step;
  axis.margin = std::llrint(sigma);
  axis.pad = 1 + ceil_steps(2 * sigma);
  axis.radius = 1 + ceil_steps(sigma);
  const auto published = axis.points + 2 * axis.pad - 2 * axis.radius;
  const auto last_pixel = axis.margin + frame - 1;
  axis.cells = std::max(published, (last_pixel + step - 1) / step + 1);
  axis.canvas = step * axis.cells - step + 1;
  return axis;
}

at::Tensor smooth_mask(const at::Tensor& parameters, std::int64_t height, std::int64_t width,
                       std::int64_t step, double sigma) {
  static const auto op = find_operator<decltype(smooth_mask)>("smooth_mask");
  return op.call(parameters, height, width, step, sigma);
}

at::Tensor smooth_mask_backward(const at::Tensor& canvas_gradient, const at::Tensor& parameters,
                                std::int64_t height, std::int64_t width, std::int64_t step, double sigma) {
  static const auto op = find_operator<decltype(smooth_mask_backward)>("smooth_mask_backward");
  return op.call(canvas_gradient, parameters, height, width, step, sigma);
}

at::Tensor crop_to_frame(const at::Tensor& canvas, std::int64_t height, std::int64_t width, std::int64_t step,
                         double sigma) {
  const auto rows = mask_axis(height, step, sigma);
  const auto columns = mask_axis(width, step, sigma);
  return canvas.narrow(-2, rows.margin, height).narrow(-1, columns.margin, width);
}

namespace {

class SmoothMask : public torch::autograd::Function<SmoothMask> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& parameters,
                            std::int64_t height, std::int64_t width, std::int64_t step, double sigma) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->save_for_backward({parameters});
    context->saved_data["height"] = height;
    context->saved_data["width"] = width;
    context->saved_data["step"] = step;
    context->saved_data["sigma"] = sigma;
    return smooth_mask(parameters, height, width, step, sigma);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    auto& saved = context->saved_data;
    return {smooth_mask_backward(gradients[0], context->get_saved_variables()[0], saved["height"].toInt(),
                                 saved["width"].toInt(), saved["step"].toInt(), saved["sigma"].toDouble()),
            {},
            {},
            {},
            {}};
  }
};

at::Tensor smooth_mask_autograd(const at::Tensor& parameters, std::int64_t height, std::int64_t width,
                                std::int64_t step, double sigma) {
  return SmoothMask::apply(parameters, height, width, step, sigma);
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, Autograd, library) {
  library.impl("smooth_mask", smooth_mask_autograd);
}

}  // namespace fep
