#pragma once

#include "common/enum_names.h"

namespace fep {

/// How the weights of convolutions lie in memory.
enum class MemoryFormat { exported, contiguous, channels_last };
template <>
inline constexpr auto kNames<MemoryFormat> =
    std::to_array<Named<MemoryFormat>>({{"exported", MemoryFormat::exported},
                                        {"contiguous", MemoryFormat::contiguous},
                                        {"channels-last", MemoryFormat::channels_last}});

/// How a model is computed. All forms are the same function up to rounding; which one is fastest depends on
/// the network and on the machine, and a poor choice can make a convolution's backward several times slower.
struct ModelForm {
  bool fold_batch_norm = false;  ///< batch normalisations multiplied into the convolutions before them
  MemoryFormat memory_format = MemoryFormat::exported;
  bool winograd = false;        ///< network/winograd_convolution.h where it applies, in float32 on a CPU
  bool optimise_graph = false;  ///< TorchScript's profiling executor instead of its plain interpreter

  bool operator==(const ModelForm&) const = default;
};

/// How far the search for the fastest form is.
struct Tuning {
  ModelForm tried;    ///< the form that is being measured
  ModelForm fastest;  ///< so far
  double gain = 1;    ///< how many times faster that one is than the form as exported
  double seconds = 0, most_seconds = 0;
};

}  // namespace fep
