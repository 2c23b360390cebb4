#pragma once

#include <array>
#include <string_view>

namespace fep {

/// A value and its name outside of C++, in binding.d.ts and in messages.
template <typename Value>
struct Named {
  std::string_view name;
  Value value;
};

/// The names of an enumeration's values, in the order in which messages list them: one table for each
/// enumeration, beside its definition.
template <typename Enum>
inline constexpr std::array<Named<Enum>, 0> kNames{};

template <typename Enum>
constexpr std::string_view name_of(Enum value) {
  static_assert(!kNames<Enum>.empty(), "the enumeration has no table of names");
  for (const auto& named : kNames<Enum>) {
    if (named.value == value) return named.name;
  }
  return {};
}

}  // namespace fep
