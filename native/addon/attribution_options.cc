#include "addon/attribution_options.h"

#include "addon/arguments.h"
#include "addon/option_fields.h"

namespace fep {
namespace {

/// Along an axis.
constexpr std::int64_t kMostCells = 1024;

// The fields of each method's options, with their names in JavaScript: for reading and for writing.

template <typename Fields>
void visit_options(Fields&, GradientsOptions&) {}

template <typename Fields>
void visit_options(Fields&, InputXGradientOptions&) {}

template <typename Fields>
void visit_options(Fields& fields, IntegratedGradientsOptions& options) {
  fields.integer("integrationSteps", options.steps, 1);
  fields.colour("baselineColour", options.baseline);
}

/// The three methods differ in what they make of the gradients.
template <typename Fields>
void visit_options(Fields& fields, SmoothGradOptions& options) {
  fields.choice("method", options.form);
  fields.integer("samples", options.samples, 1);
  fields.number("noise", options.noise, 0);
  fields.seed("seed", options.seed);
}

template <typename Fields>
void visit_options(Fields& fields, CamOptions& options) {
  fields.text("layer", options.layer);
  fields.choice("camWeights", options.weights);
}

template <typename Fields>
void visit_options(Fields&, AttentionRolloutOptions&) {}

template <typename Fields>
void visit_options(Fields&, GradientAttentionOptions&) {}

template <typename Fields>
void visit_options(Fields& fields, RiseOptions& options) {
  fields.integer("samples", options.samples, 1);
  fields.sizes("cells", options.cells, kMostCells);
  fields.seed("seed", options.seed);
}

template <typename Fields>
void visit_options(Fields& fields, RandomOptions& options) {
  fields.sizes("cells", options.cells, kMostCells);
  fields.seed("seed", options.seed);
}

template <typename Fields>
void visit_options(Fields&, CenterOptions&) {}

/// Options of a method as they are where nothing is said.
using Make = AttributionMethod (*)();

template <typename Options>
AttributionMethod make() {
  return Options{};
}

constexpr auto kMethods = std::to_array<Named<Make>>({
    {"gradients", make<GradientsOptions>},
    {"input-x-gradient", make<InputXGradientOptions>},
    {"integrated-gradients", make<IntegratedGradientsOptions>},
    {"smoothgrad", make<SmoothGradOptions>},
    {"smoothgrad-squared", make<SmoothGradOptions>},
    {"smoothgrad-variance", make<SmoothGradOptions>},
    {"grad-cam", make<GradCamOptions>},
    {"grad-cam-plus-plus", make<GradCamPlusPlusOptions>},
    {"attention-rollout", make<AttentionRolloutOptions>},
    {"gradient-attention", make<GradientAttentionOptions>},
    {"rise", make<RiseOptions>},
    {"random", make<RandomOptions>},
    {"center", make<CenterOptions>},
});

}  // namespace

AttributionMethod read_attribution_options(const Napi::Object& object) {
  auto method = require_choice(object, "method", kMethods)();
  FieldReader fields(object);
  std::visit([&fields](auto& options) { visit_options(fields, options); }, method);
  return method;
}

Napi::Object attribution_options_object(Napi::Env env, AttributionMethod method) {
  FieldWriter fields(env);
  std::visit([&fields](auto& options) { visit_options(fields, options); }, method);
  return fields.object();
}

}  // namespace fep
