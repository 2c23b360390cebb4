#pragma once

#include <napi.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/enum_names.h"

namespace fep {

// Checked reading of JavaScript values. Each function throws an Error with code FEP_USAGE that names the
// field, what was expected and what was given. lib/ has checked everything before: these catch callers that
// bypass it.

/// JavaScript's Number.MAX_SAFE_INTEGER: up to it, whole numbers are exact.
constexpr std::int64_t kMaxSafeInteger = (std::int64_t{1} << 53) - 1;

[[noreturn]] void refuse(Napi::Env env, const std::string& message);

Napi::Object require_object(const Napi::Value& value, const std::string& name);
/// An array that is not empty.
Napi::Array require_array(const Napi::Value& value, const std::string& name);
double require_number(const Napi::Object& object, const char* field);
std::int64_t require_integer(const Napi::Object& object, const char* field, std::int64_t least,
                             std::int64_t most = 1'000'000'000);
std::int64_t require_integer(const Napi::Value& value, const std::string& name, std::int64_t least,
                             std::int64_t most);
bool require_bool(const Napi::Object& object, const char* field);
std::string require_string(const Napi::Object& object, const char* field);
std::vector<double> require_numbers(const Napi::Object& object, const char* field);

/// Three numbers, one for each channel.
std::array<double, 3> require_colour(const Napi::Object& object, const char* field);

/// Whole numbers from 1 to `most`, exactly `count` of them.
template <std::size_t count>
std::array<std::int64_t, count> require_sizes(const Napi::Object& object, const char* field,
                                              std::int64_t most) {
  const auto numbers = require_numbers(object, field);
  std::array<std::int64_t, count> sizes;
  const auto is_size = [most](double n) {
    return n >= 1 && n <= static_cast<double>(most) && n == std::floor(n);
  };
  if (numbers.size() != count || !std::ranges::all_of(numbers, is_size)) {
    refuse(object.Env(), std::string(field) + " must be " + std::to_string(count) +
                             " whole numbers from 1 to " + std::to_string(most));
  }
  std::ranges::transform(numbers, sizes.begin(), [](double n) { return static_cast<std::int64_t>(n); });
  return sizes;
}

/// The position of a string among those allowed.
std::size_t require_name(const Napi::Object& object, const char* field,
                         std::span<const std::string_view> allowed);

/// The value whose name, of those in a table, the field holds.
template <typename Value, std::size_t count>
Value require_choice(const Napi::Object& object, const char* field,
                     const std::array<Named<Value>, count>& choices) {
  std::array<std::string_view, count> names;
  std::ranges::transform(choices, names.begin(), &Named<Value>::name);
  return choices[require_name(object, field, names)].value;
}

/// The same for an enumeration, by its table.
template <typename Enum>
Enum require_choice(const Napi::Object& object, const char* field) {
  static_assert(!kNames<Enum>.empty(), "the enumeration has no table of names");
  return require_choice(object, field, kNames<Enum>);
}

/// A copy of a Float32Array, of any length or of exactly `length` elements.
std::vector<float> require_floats(const Napi::Value& value, const std::string& name);
std::vector<float> require_floats(const Napi::Value& value, const std::string& name, std::size_t length);

/// Refuses numbers outside [0, 1], and NaN.
void require_shares(Napi::Env env, const std::vector<float>& values, const std::string& name);

/// The name of an enumeration's value, as binding.d.ts has it.
template <typename Enum>
Napi::String name_in_javascript(Napi::Env env, Enum value) {
  return Napi::String::New(env, std::string(name_of(value)));
}

Napi::Float32Array to_float32_array(Napi::Env env, const float* data, std::size_t length);

}  // namespace fep
