#pragma once

#include <napi.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "addon/arguments.h"

namespace fep {

// A method's options are visited field by field, with their names in JavaScript: by a reader, which checks
// them, and by a writer, with which tests see what has been read.

/// Reads fields from an object, with their checks.
class FieldReader {
 public:
  explicit FieldReader(const Napi::Object& object) : object_(object) {}

  void number(const char* name, double& value, double least = -std::numeric_limits<double>::infinity()) {
    value = require_number(object_, name);
    if (value < least) refuse(object_.Env(), std::string(name) + " must not be negative");
  }
  void integer(const char* name, std::int64_t& value, std::int64_t least, std::int64_t most = 1'000'000'000) {
    value = require_integer(object_, name, least, most);
  }
  void boolean(const char* name, bool& value) { value = require_bool(object_, name); }
  void numbers(const char* name, std::vector<double>& value) { value = require_numbers(object_, name); }
  void colour(const char* name, std::array<double, 3>& value) { value = require_colour(object_, name); }
  void text(const char* name, std::string& value) { value = require_string(object_, name); }
  void seed(const char* name, std::uint64_t& value) {
    value = static_cast<std::uint64_t>(require_integer(object_, name, 0, kMaxSafeInteger));
  }
  /// Whole numbers from 1 to `most`, as many as the array has.
  template <std::size_t count>
  void sizes(const char* name, std::array<std::int64_t, count>& values, std::int64_t most) {
    values = require_sizes<count>(object_, name, most);
  }
  template <typename Enum>
  void choice(const char* name, Enum& value) {
    value = require_choice<Enum>(object_, name);
  }
  template <std::size_t count>
  void choice(const char* name, bool& value, const std::array<Named<bool>, count>& names) {
    value = require_choice(object_, name, names);
  }

 private:
  const Napi::Object& object_;
};

/// Writes fields into an object.
class FieldWriter {
 public:
  explicit FieldWriter(Napi::Env env) : env_(env), object_(Napi::Object::New(env)) {}

  void number(const char* name, double value, double = 0) { object_[name] = Napi::Number::New(env_, value); }
  void integer(const char* name, std::int64_t value, std::int64_t, std::int64_t = 0) {
    number(name, static_cast<double>(value));
  }
  void boolean(const char* name, bool value) { object_[name] = Napi::Boolean::New(env_, value); }
  template <typename Numbers>
  void numbers(const char* name, const Numbers& values) {
    auto array = Napi::Array::New(env_, values.size());
    for (std::uint32_t i = 0; i < values.size(); ++i)
      array[i] = Napi::Number::New(env_, static_cast<double>(values[i]));
    object_[name] = array;
  }
  void colour(const char* name, const std::array<double, 3>& value) { numbers(name, value); }
  void text(const char* name, const std::string& value) { object_[name] = Napi::String::New(env_, value); }
  void seed(const char* name, std::uint64_t value) { number(name, static_cast<double>(value)); }
  template <std::size_t count>
  void sizes(const char* name, const std::array<std::int64_t, count>& values, std::int64_t) {
    numbers(name, values);
  }
  template <typename Enum>
  void choice(const char* name, Enum value) {
    object_[name] = name_in_javascript(env_, value);
  }
  template <std::size_t count>
  void choice(const char* name, bool value, const std::array<Named<bool>, count>& names) {
    const auto found = std::ranges::find(names, value, &Named<bool>::value);
    object_[name] = Napi::String::New(env_, std::string(found->name));
  }

  Napi::Object& object() { return object_; }

 private:
  Napi::Env env_;
  Napi::Object object_;
};

}  // namespace fep
