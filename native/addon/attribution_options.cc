#include "addon/attribution_options.h"

#include <algorithm>

#include "addon/arguments.h"

namespace fep {
namespace {

std::uint64_t read_seed(const Napi::Object& object) {
  return static_cast<std::uint64_t>(require_integer(object, "seed", 0, kMaxSafeInteger));
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
  SmoothGradOptions options;
  options.form = require_choice<SmoothGradOptions::Form>(object, "form");
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
  options.weights = require_choice<CamWeights>(object, "weights");
  return options;
}

RiseOptions read_rise(const Napi::Object& object) {
  RiseOptions options;
  options.samples = require_integer(object, "samples", 1);
  options.cells = read_cells(object);
  options.seed = read_seed(object);
  return options;
}

RandomOptions read_random(const Napi::Object& object) {
  return {read_cells(object), read_seed(object)};
}

template <typename Options>
Options without_options(const Napi::Object&) {
  return {};
}

using Reader = AttributionMethod (*)(const Napi::Object&);

template <auto read>
AttributionMethod read_as_method(const Napi::Object& object) {
  return read(object);
}

constexpr auto kReaders = std::to_array<Named<Reader>>({
    {"gradients", read_as_method<without_options<GradientsOptions>>},
    {"input-x-gradient", read_as_method<without_options<InputXGradientOptions>>},
    {"integrated-gradients", read_as_method<read_integrated_gradients>},
    {"smoothgrad", read_as_method<read_smoothgrad>},
    {"grad-cam", read_as_method<read_cam<GradCamOptions>>},
    {"grad-cam-plus-plus", read_as_method<read_cam<GradCamPlusPlusOptions>>},
    {"rise", read_as_method<read_rise>},
    {"random", read_as_method<read_random>},
    {"center", read_as_method<without_options<CenterOptions>>},
});

}  // namespace

AttributionMethod read_attribution_method(const Napi::Object& object) {
  return require_choice(object, "method", kReaders)(object);
}

}  // namespace fep
