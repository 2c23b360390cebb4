#include "model/model_sketch.h"

#include <ATen/ATen.h>

#include "model/archive.h"
#include "model/layer_survey.h"
#include "model/model_failure.h"
#include "model/observable_forward.h"
#include "model/operation_counter.h"

namespace fep {
namespace {

/// The survey of a forward without products, counted.
LayerSurvey survey_sizes(const ModelSpec& spec, ObservableForward& forward, ModelSketch& sketch) {
  const auto run = [&](const at::Tensor& clips, const ObservableForward::Visitor& visitor) {
    const at::NoGradGuard no_gradient;
    const auto input = in_layout(clips, spec.layout);
    const OperationCounter counter;
    const auto answer = ModelOutput(spec.output, spec.frames).answers(forward.run(input, visitor), 1);
    sketch.multiply_accumulates = counter.multiply_accumulates();
    sketch.facts.classes = answer.size(1);
    return answer;
  };
  return survey_layers({spec, at::kCPU, run, forward});
}

}  // namespace

ModelSketch sketch_model(const ModelFile& file) {
  Archive archive(file.path, at::kCPU, {});
  ModelSketch sketch;
  sketch.facts.parameters = archive.parameters();
  sketch.facts.weights = archive.weights();
  sketch.facts.names_gpu = archive.names_gpu();
  ObservableForward forward(archive.module(), Products::skipped);
  try {
    sketch.layers = survey_sizes(file.spec, forward, sketch).layers;
  } catch (const OutputError&) {
    throw;
  } catch (const std::exception& error) {  // the interpreter throws more than c10::Error
    throw ModelRunError("The model failed while its sizes were followed", reason_of(error));
  }
  return sketch;
}

}  // namespace fep
