#pragma once

#include "common/enum_names.h"

namespace fep {

/// In whose order of operations the loop's operators compute. Both are the same mathematics; the loop
/// amplifies what rounding they differ in, so only `published` follows the published implementations to the
/// end of a run.
enum class Arithmetic {
  fused,      ///< the operators of ops/: several times faster
  published,  ///< PyTorch's operators one by one, as the published implementations call them
};
template <>
inline constexpr auto kNames<Arithmetic> =
    std::to_array<Named<Arithmetic>>({{"fused", Arithmetic::fused}, {"published", Arithmetic::published}});

}  // namespace fep
