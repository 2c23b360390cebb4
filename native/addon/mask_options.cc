#include "addon/mask_options.h"

#include <algorithm>
#include <cmath>

#include "addon/arguments.h"
#include "addon/option_fields.h"

namespace fep {
namespace {

/// Whether the area is a share of the frame, and whether a run may end early.
constexpr auto kAreaOver = std::to_array<Named<bool>>({{"canvas", false}, {"frame", true}});
constexpr auto kUntil = std::to_array<Named<bool>>({{"iterations", false}, {"converged", true}});

template <typename Fields, typename Value>
void visit_perturbation(Fields& fields, Value& perturbation) {
  fields.choice("perturbation", perturbation.kind);
  fields.integer("blurLevels", perturbation.levels, 2);
  fields.number("blurSigma", perturbation.max_sigma);
  fields.colour("fadeColour", perturbation.colour);
}

template <typename Fields, typename Value>
void visit_setting(Fields& fields, Value& setting) {
  fields.number("lowRatio", setting.start.low_ratio);
  fields.number("highRatio", setting.start.high_ratio);
  fields.number("temporalLowRatio", setting.start.temporal_low_ratio);
  fields.number("temporalHighRatio", setting.start.temporal_high_ratio);
  fields.choice("course", setting.course.kind);
  fields.number("courseBegin", setting.course.begin, 0);
  fields.number("courseEnd", setting.course.end, 0);
}

/// Every field that is one value, with its name in JavaScript: for reading and for writing. A new option is a
/// line here and a field of the struct.
template <typename Fields, typename Value>
void visit_options(Fields& fields, Value& options) {
  fields.numbers("areas", options.areas);
  fields.integer("iterations", options.iterations, 1);
  fields.integer("step", options.step, 1, 4096);
  fields.number("sigma", options.sigma);
  fields.choice("arithmetic", options.arithmetic);
  fields.choice("areaOver", options.area_over_frame, kAreaOver);
  fields.choice("reward", options.reward.kind);
  fields.choice("variant", options.reward.variant);
  fields.number("rewardWeight", options.reward.weight);
  fields.boolean("flipEven", options.reward.flip_even);
  fields.choice("budget", options.regularizer.budget);
  fields.number("areaWeight", options.regularizer.area_weight);
  fields.number("areaGrowth", options.regularizer.area_growth);
  fields.number("coreWeight", options.regularizer.core_weight);
  fields.integer("coreAfter", options.regularizer.core_after, 0);
  fields.number("framesBudget", options.frames.share, 0);
  fields.number("learningRate", options.descent.learning_rate);
  fields.number("momentum", options.descent.momentum);
  fields.number("dampening", options.descent.dampening);
  fields.choice("schedule", options.schedule);
  fields.boolean("cudaGraph", options.replay);
  visit_perturbation(fields, options.perturbation);
}

void check_ranges(Napi::Env env, const ExtremalPerturbationOptions& options) {
  if (options.areas.empty()) refuse(env, "areas must hold at least one area");
  for (const double area : options.areas) {
    if (!(area >= 0 && area <= 1)) refuse(env, "an area is a share between 0 and 1");
  }
  if (!(options.frames.share > 0 && options.frames.share <= 1)) {
    refuse(env, "framesBudget is a share above 0 and at most 1");
  }
  if (options.sigma <= 0 || options.sigma > 4096) refuse(env, "sigma must be above 0 and at most 4096");
}

FrequencyModulation read_modulation(const Napi::Object& object) {
  FrequencyModulation modulation;
  modulation.settings.clear();
  const auto settings = require_array(object.Get("settings"), "modulation.settings");
  for (std::uint32_t i = 0; i < settings.Length(); ++i) {
    const auto setting = require_object(settings[i], "one of modulation.settings");
    FieldReader fields(setting);
    visit_setting(fields, modulation.settings.emplace_back());
  }
  modulation.domain = require_choice<FrequencyModulation::Domain>(object, "domain");
  modulation.part = require_choice<FrequencyModulation::Part>(object, "part");
  return modulation;
}

Napi::Object modulation_object(Napi::Env env, const FrequencyModulation& modulation) {
  auto object = Napi::Object::New(env);
  auto settings = Napi::Array::New(env, modulation.settings.size());
  for (std::uint32_t i = 0; i < modulation.settings.size(); ++i) {
    FieldWriter fields(env);
    visit_setting(fields, modulation.settings[i]);
    settings[i] = fields.object();
  }
  object["settings"] = settings;
  object["domain"] = name_in_javascript(env, modulation.domain);
  object["part"] = name_in_javascript(env, modulation.part);
  return object;
}

RecordOptions read_record(const Napi::Object& object, const ExtremalPerturbationOptions& options) {
  using Domain = FrequencyModulation::Domain;
  RecordOptions record;
  for (const double number : require_numbers(object, "iterations")) {
    const auto iteration = static_cast<std::int64_t>(number);
    const bool ascends = record.iterations.empty() || iteration > record.iterations.back();
    const bool whole = number >= 0 && number < static_cast<double>(options.iterations) &&
                       number == static_cast<double>(iteration);
    if (!whole || !ascends) {
      refuse(object.Env(), "record.iterations must be ascending numbers of iterations, the first being 0");
    }
    record.iterations.push_back(iteration);
  }
  record.domain = require_choice<Domain>(object, "domain");
  const bool modulated_elsewhere = options.modulation && options.modulation->domain == Domain::parameters;
  if (record.domain == Domain::mask && modulated_elsewhere) {
    refuse(object.Env(),
           "record.domain must be parameters where the gradient is modulated there: no modulated gradient "
           "is on the mask then");
  }
  return record;
}

/// Iterations until the frames that are left out have faded to 0.
std::int64_t frames_settle_after(const ExtremalPerturbationOptions& options) {
  const FramesBudget budget(options.frames, options.iterations);
  std::int64_t t = 0;
  while (t < options.iterations && budget.bound_at(t) > 0) ++t;
  return t;
}

/// The criterion where a run may end early; STEP's core energy has to have set in before, frames to be left
/// out, and F-EP's bands to be open.
ConvergenceCriterion convergence_of(const ExtremalPerturbationOptions& options) {
  ConvergenceCriterion criterion;
  if (options.regularizer.core_weight != 0) criterion.settles_after = options.regularizer.core_after;
  if (options.frames.share < 1) {
    criterion.settles_after = std::max(criterion.settles_after, frames_settle_after(options));
  }
  if (!options.modulation) return criterion;
  for (const auto& [start, course] : options.modulation->settings) {
    if (course.kind == BandCourse::Kind::constant) continue;
    const auto open =
        static_cast<std::int64_t>(std::ceil(course.end * static_cast<double>(options.iterations)));
    criterion.settles_after = std::max(criterion.settles_after, open);
  }
  return criterion;
}

/// What concerns one run alone: which gradients to keep, and how much memory to take.
void read_run(const Napi::Object& object, ExtremalPerturbationOptions& options) {
  if (!object.Get("memory").IsUndefined()) {
    options.memory = require_integer(object, "memory", 0, kMaxSafeInteger);
  }
  options.pictures = read_wanted_pictures(object.Get("pictures"));
  if (const Napi::Value initial = object.Get("initial"); !initial.IsUndefined()) {
    options.initial = require_floats(initial, "initial");
    require_shares(object.Env(), *options.initial, "initial");
  }
  if (const Napi::Value enough = object.Get("enough"); !enough.IsUndefined()) {
    options.enough = require_number(object, "enough");
  }
  const Napi::Value record = object.Get("record");
  if (!record.IsUndefined()) options.record = read_record(require_object(record, "record"), options);
}

}  // namespace

std::optional<PictureOptions> read_wanted_pictures(const Napi::Value& value) {
  if (value.IsUndefined()) return std::nullopt;
  PictureOptions options;
  const auto object = require_object(value, "pictures");
  FieldReader fields(object);
  fields.colour("scale", options.scale);
  fields.colour("offset", options.offset);
  fields.boolean("isBgr", options.is_bgr);
  return options;
}

Perturbation read_perturbation(const Napi::Object& object) {
  Perturbation perturbation;
  FieldReader fields(object);
  visit_perturbation(fields, perturbation);
  return perturbation;
}

ExtremalPerturbationOptions read_mask_options(const Napi::Object& object) {
  ExtremalPerturbationOptions options;
  FieldReader fields(object);
  visit_options(fields, options);
  check_ranges(object.Env(), options);
  options.reward.arithmetic = options.regularizer.arithmetic = options.arithmetic;
  const Napi::Value modulation = object.Get("modulation");
  if (!modulation.IsUndefined()) {
    options.modulation = read_modulation(require_object(modulation, "modulation"));
  }
  read_run(object, options);
  options.frames.found_before = options.initial.has_value();
  if (require_choice(object, "until", kUntil)) options.until = convergence_of(options);
  return options;
}

Napi::Object mask_options_object(Napi::Env env, const ExtremalPerturbationOptions& options) {
  FieldWriter fields(env);
  visit_options(fields, options);
  fields.choice("until", options.until.has_value(), kUntil);
  if (options.modulation) fields.object()["modulation"] = modulation_object(env, *options.modulation);
  return fields.object();
}

}  // namespace fep
