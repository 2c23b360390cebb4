#include "addon/arguments.h"

#include <algorithm>
#include <cmath>

#include "addon/job.h"

namespace fep {
namespace {

/// A value as messages show it. Not everything converts to a string (a Symbol, an object without a
/// prototype).
std::string printed(const Napi::Value& value) {
  const bool plain =
      value.IsNumber() || value.IsString() || value.IsBoolean() || value.IsNull() || value.IsUndefined();
  return plain ? value.ToString().Utf8Value() : "something else";
}

Napi::Value require_field(const Napi::Object& object, const char* field, bool right_type) {
  if (right_type) return object.Get(field);
  refuse(object.Env(), std::string(field) + " has the wrong type: " + printed(object.Get(field)));
}

}  // namespace

void refuse(Napi::Env env, const std::string& message) {
  throw make_error(env, {"FEP_USAGE", message});
}

Napi::Object require_object(const Napi::Value& value, const std::string& name) {
  if (!value.IsObject()) refuse(value.Env(), name + " must be an object, got " + printed(value));
  return value.As<Napi::Object>();
}

Napi::Array require_array(const Napi::Value& value, const std::string& name) {
  if (value.IsArray() && value.As<Napi::Array>().Length() > 0) return value.As<Napi::Array>();
  refuse(value.Env(), name + " must be an array that is not empty, got " + printed(value));
}

double require_number(const Napi::Object& object, const char* field) {
  const double number =
      require_field(object, field, object.Get(field).IsNumber()).As<Napi::Number>().DoubleValue();
  if (!std::isfinite(number)) refuse(object.Env(), std::string(field) + " must be finite");
  return number;
}

std::int64_t require_integer(const Napi::Object& object, const char* field, std::int64_t least,
                             std::int64_t most) {
  return require_integer(object.Get(field), field, least, most);
}

std::int64_t require_integer(const Napi::Value& value, const std::string& name, std::int64_t least,
                             std::int64_t most) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : std::nan("");
  // Written so that NaN is refused as well.
  const bool in_range = number >= static_cast<double>(least) && number <= static_cast<double>(most);
  if (!in_range || number != std::floor(number)) {
    refuse(value.Env(), name + " must be a whole number from " + std::to_string(least) + " to " +
                            std::to_string(most) + ", got " + printed(value));
  }
  return static_cast<std::int64_t>(number);
}

bool require_bool(const Napi::Object& object, const char* field) {
  return require_field(object, field, object.Get(field).IsBoolean()).As<Napi::Boolean>().Value();
}

std::string require_string(const Napi::Object& object, const char* field) {
  return require_field(object, field, object.Get(field).IsString()).As<Napi::String>().Utf8Value();
}

std::vector<double> require_numbers(const Napi::Object& object, const char* field) {
  const auto array = require_field(object, field, object.Get(field).IsArray()).As<Napi::Array>();
  std::vector<double> numbers;
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::Value element = array[i];
    if (!element.IsNumber()) refuse(object.Env(), std::string(field) + " must hold numbers only");
    numbers.push_back(element.As<Napi::Number>().DoubleValue());
  }
  return numbers;
}

std::array<double, 3> require_colour(const Napi::Object& object, const char* field) {
  const auto numbers = require_numbers(object, field);
  std::array<double, 3> colour;
  if (numbers.size() != colour.size()) refuse(object.Env(), std::string(field) + " must have three channels");
  std::copy(numbers.begin(), numbers.end(), colour.begin());
  return colour;
}

std::size_t require_name(const Napi::Object& object, const char* field,
                         std::span<const std::string_view> allowed) {
  const auto given = require_string(object, field);
  const auto found = std::ranges::find(allowed, given);
  if (found != allowed.end()) return static_cast<std::size_t>(found - allowed.begin());
  std::string message = std::string(field) + " must be one of";
  for (const auto& choice : allowed) message.append(" ").append(choice);
  refuse(object.Env(), message + ", got " + given);
}

namespace {

Napi::Float32Array require_float_array(const Napi::Value& value, const std::string& name) {
  const bool is_floats =
      value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_float32_array;
  if (!is_floats) refuse(value.Env(), name + " must be a Float32Array");
  return value.As<Napi::Float32Array>();
}

}  // namespace

std::vector<float> require_floats(const Napi::Value& value, const std::string& name) {
  const auto array = require_float_array(value, name);
  return {array.Data(), array.Data() + array.ElementLength()};
}

std::vector<float> require_floats(const Napi::Value& value, const std::string& name, std::size_t length) {
  const auto array = require_float_array(value, name);
  if (array.ElementLength() != length) {
    throw make_error(value.Env(),
                     {"FEP_SHAPE", name + " must have " + std::to_string(length) + " elements, got " +
                                       std::to_string(array.ElementLength())});
  }
  return {array.Data(), array.Data() + length};
}

void require_shares(Napi::Env env, const std::vector<float>& values, const std::string& name) {
  const bool all = std::all_of(values.begin(), values.end(), [](float v) { return v >= 0 && v <= 1; });
  if (!all) refuse(env, name + " must hold numbers from 0 to 1 only");
}

Napi::Float32Array to_float32_array(Napi::Env env, const float* data, std::size_t length) {
  auto array = Napi::Float32Array::New(env, length);
  std::copy_n(data, length, array.Data());
  return array;
}

}  // namespace fep
