// Every CUDA kernel, for both types, without libtorch: what the tests compile where there is an
// nvcc. `npm run build:cuda-check` compiles the operators around them as well, and takes minutes.

#include "network/rectify_kernels.cuh"
#include "ops/area_energy/area_energy_kernels.cuh"
#include "ops/core_energy/core_energy_kernels.cuh"
#include "ops/cuda/entry.cuh"
#include "ops/frequency/frequency_kernels.cuh"
#include "ops/perturb/perturb_kernels.cuh"
#include "ops/smooth_mask/smooth_mask_kernels.cuh"

namespace fep::cuda {

#define ELEMENT(Body) template __global__ void element_kernel(const Body, const Index)
#define BLOCK(Body) template __global__ void block_kernel(const Body)
#define KERNELS(scalar)                \
  ELEMENT(MakeMaskPixel<scalar>);      \
  BLOCK(GatherPointGradient<scalar>);  \
  ELEMENT(BlendPixel<scalar>);         \
  ELEMENT(SlopeOfPixel<scalar>);       \
  ELEMENT(BeginSelection<scalar>);     \
  BLOCK(CountDigits<scalar>);          \
  BLOCK(ChooseDigit<scalar>);          \
  BLOCK(CountEquals<scalar>);          \
  BLOCK(PullPiece<scalar>);            \
  BLOCK(AddUpEnergy<scalar>);          \
  BLOCK(CoreResponse<scalar>);         \
  ELEMENT(RankResponse<scalar>);       \
  ELEMENT(GatherCoreGradient<scalar>); \
  ELEMENT(ReorderLine<scalar>);        \
  ELEMENT(TurnIntoCosines<scalar>);    \
  ELEMENT(TurnFromCosines<scalar>);    \
  ELEMENT(RestoreLine<scalar>);        \
  ELEMENT(KeepBands<scalar>);          \
  ELEMENT(RectifyEight<scalar>);       \
  ELEMENT(GradientOfPassed<scalar>)

KERNELS(float);
KERNELS(double);

}  // namespace fep::cuda
