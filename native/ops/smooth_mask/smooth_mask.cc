#include "ops/smooth_mask/smooth_mask.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "ops/common/dispatch.h"

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

namespace {

// The operators behind the two functions: a schema holds tensors, not structs.
using WithDenominator = std::tuple<at::Tensor, at::Tensor>(const at::Tensor&, std::int64_t, std::int64_t,
                                                           std::int64_t, double);
using BackwardFrom = at::Tensor(const at::Tensor&, const at::Tensor&, const at::Tensor&, const at::Tensor&,
                                std::int64_t, std::int64_t, std::int64_t, double);

}  // namespace

SmoothMask smooth_mask_with_denominator(const at::Tensor& parameters, std::int64_t height, std::int64_t width,
                                        std::int64_t step, double sigma) {
  static const auto op = find_operator<WithDenominator>("smooth_mask_with_denominator");
  auto [canvas, denominator] = op.call(parameters, height, width, step, sigma);
  return {parameters, canvas, denominator};
}

at::Tensor smooth_mask_backward_from(const at::Tensor& canvas_gradient, const SmoothMask& mask,
                                     std::int64_t height, std::int64_t width, std::int64_t step,
                                     double sigma) {
  static const auto op = find_operator<BackwardFrom>("smooth_mask_backward_from");
  return op.call(canvas_gradient, mask.parameters, mask.canvas, mask.denominator, height, width, step, sigma);
}

at::Tensor crop_to_frame(const at::Tensor& canvas, std::int64_t height, std::int64_t width, std::int64_t step,
                         double sigma) {
  const auto rows = mask_axis(height, step, sigma);
  const auto columns = mask_axis(width, step, sigma);
  return canvas.narrow(-2, rows.margin, height).narrow(-1, columns.margin, width);
}

namespace {

at::Tensor smooth_mask_only(const at::Tensor& parameters, std::int64_t height, std::int64_t width,
                            std::int64_t step, double sigma) {
  return smooth_mask_with_denominator(parameters, height, width, step, sigma).canvas;
}

at::Tensor smooth_mask_backward_anew(const at::Tensor& canvas_gradient, const at::Tensor& parameters,
                                     std::int64_t height, std::int64_t width, std::int64_t step,
                                     double sigma) {
  const auto mask = smooth_mask_with_denominator(parameters, height, width, step, sigma);
  return smooth_mask_backward_from(canvas_gradient, mask, height, width, step, sigma);
}

class SmoothMaskFunction : public torch::autograd::Function<SmoothMaskFunction> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& parameters,
                            std::int64_t height, std::int64_t width, std::int64_t step, double sigma) {
    at::AutoDispatchBelowADInplaceOrView below;
    const auto mask = smooth_mask_with_denominator(parameters, height, width, step, sigma);
    context->save_for_backward({mask.parameters, mask.canvas, mask.denominator});
    context->saved_data["height"] = height;
    context->saved_data["width"] = width;
    context->saved_data["step"] = step;
    context->saved_data["sigma"] = sigma;
    return mask.canvas;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto tensors = context->get_saved_variables();
    auto& saved = context->saved_data;
    return {
        smooth_mask_backward_from(gradients[0], {tensors[0], tensors[1], tensors[2]}, saved["height"].toInt(),
                                  saved["width"].toInt(), saved["step"].toInt(), saved["sigma"].toDouble()),
        {},
        {},
        {},
        {}};
  }
};

at::Tensor smooth_mask_autograd(const at::Tensor& parameters, std::int64_t height, std::int64_t width,
                                std::int64_t step, double sigma) {
  return SmoothMaskFunction::apply(parameters, height, width, step, sigma);
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CompositeExplicitAutograd, library) {
  library.impl("smooth_mask", smooth_mask_only);
  library.impl("smooth_mask_backward", smooth_mask_backward_anew);
}
TORCH_LIBRARY_IMPL(fep, Autograd, library) {
  library.impl("smooth_mask", smooth_mask_autograd);
}

}  // namespace fep
