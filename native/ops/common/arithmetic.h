#pragma once

#include "common/enum_names.h"

namespace fep {

/// The order of operations in the loop's operators. Both orders are the same mathematics, but the loop
/// amplifies their differences in rounding: only `published` follows the published implementations to the end
/// of a run.
enum class Arithmetic {
  fused,      ///< the operators of ops/: several times faster
  published,  ///< PyTorch's operators one by one, as the published implementations call them
};
template <>
inline constexpr auto kNames<Arithmetic> =
    std::to_array<Named<Arithmetic>>({{"fused", Arithmetic::fused}, {"published", Arithmetic::published}});

}  // namespace fep
