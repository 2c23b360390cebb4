#include "addon/attribution_options.h"

#include <algorithm>

#include "addon/arguments.h"

namespace fep {
namespace {

/// JavaScript's largest whole number.
constexpr std::int64_t kMostSeed = 9'007'199'254'740'991;

std::uint64_t read_seed(const Napi::Object& object) {
  return static_cast<std::uint64_t>(require_integer(object, "seed", 0, kMostSeed));
}

Cells read_cells(const Napi::Object& object) {
  const auto numbers = require_numbers(object, "cells");
  Cells cells;
  const bool whole = std::all_of(numbers.begin(), numbers.end(), [](double n) {
    return n >= 1 && n <= 1024 && n == static_cast<double>(static_cast<std::int64_t>(n));
  });
  if (numbers.size() != cells.size() || !whole) {
    refuse(object.Env(), "cells must be three whole numbers from 1 to 1024");
  }
  std::transform(numbers.begin(), numbers.end(), cells.begin(),
                 [](double n) { return static_cast<std::int64_t>(n); });
  return cells;
}

IntegratedGradientsOptions read_integrated_gradients(const Napi::Object& object) {
  IntegratedGradientsOptions options;
  options.steps = require_integer(object, "steps", 1);
  options.baseline = require_colour(object, "baseline");
  return options;
}

SmoothGradOptions read_smoothgrad(const Napi::Object& object) {
  using Form = SmoothGradOptions::Form;
  SmoothGradOptions options;
  const std::array forms{Form::mean, Form::squared, Form::variance};
  options.form = forms[require_choice(object, "form", {"mean", "squared", "variance"})];
  options.samples = require_integer(object, "samples", 1);
  options.noise = require_number(object, "noise");
  if (options.noise < 0) refuse(object.Env(), "noise must not be negative");
  options.seed = read_seed(object);
  return options;
}

template <typename Options>
Options read_cam(const Napi::Object& object) {
  Options options;
  options.layer = require_string(object, "layer");
  options.weights =
      require_choice(object, "weights", {"clip", "frame"}) == 0 ? CamWeights::clip : CamWeights::frame;
  return options;
}

RiseOptions read_rise(const Napi::Object& object) {
  RiseOptions options;
  options.samples = require_integer(object, "samples", 1);
  options.cells = read_cells(object);
  options.seed = read_seed(object);
  return options;
}

}  // namespace

AttributionMethod read_attribution_method(const Napi::Object& object) {
  switch (require_choice(object, "method",
                         {"gradients", "input-x-gradient", "integrated-gradients", "smoothgrad", "grad-cam",
                          "grad-cam-plus-plus", "rise", "random", "center"})) {
    case 0:
      return GradientsOptions{};
    case 1:
      return InputXGradientOptions{};
    case 2:
      return read_integrated_gradients(object);
    case 3:
      return read_smoothgrad(object);
    case 4:
      return read_cam<GradCamOptions>(object);
    case 5:
      return read_cam<GradCamPlusPlusOptions>(object);
    case 6:
      return read_rise(object);
    case 7:
      return RandomOptions{read_cells(object), read_seed(object)};
    default:
      return CenterOptions{};
  }
}

}  // namespace fep
