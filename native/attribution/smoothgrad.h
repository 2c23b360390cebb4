#pragma once

#include "attribution/attribution.h"
#include "common/enum_names.h"

namespace fep {

struct SmoothGradOptions {
  /// What is made of the noisy gradients g_1 … g_n of a voxel's channel.
  enum class Form {
    mean,      ///< SmoothGrad: |mean of g|
    squared,   ///< SmoothGrad²: mean of g²
    variance,  ///< VarGrad: mean of g² − (mean of g)²
  };
  Form form = Form::mean;
  std::int64_t samples = 25;  ///< n
  double noise = 0.15;        ///< σ as a share of max X − min X
  std::uint64_t seed = 0;
};

template <>
inline constexpr auto kNames<SmoothGradOptions::Form> = std::to_array<Named<SmoothGradOptions::Form>>(
    {{"smoothgrad", SmoothGradOptions::Form::mean},
     {"smoothgrad-squared", SmoothGradOptions::Form::squared},
     {"smoothgrad-variance", SmoothGradOptions::Form::variance}});

/// SmoothGrad, D. Smilkov et al., 2017, its square (S. Hooker et al., 2019) and VarGrad (J. Adebayo et al.,
/// 2018): gradients at X + noise, noise ~ N(0, σ²) in every voxel and channel; the mean over channels.
///
/// Noise is drawn on the CPU, clip by clip, as torch.randn draws it, so that a seed always gives the same
/// map.
/// @throws Cancelled between two batches, when the observer requests it
Attribution smoothgrad(VideoModel& model, const at::Tensor& clip, std::int64_t target,
                       const SmoothGradOptions& options, ProgressObserver& observer);

}  // namespace fep
