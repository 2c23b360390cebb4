// CPU kernel of Winograd's convolutions. See winograd_convolution.h for what it computes.
//
// A plane is cut into tiles of neighbouring outputs. The inputs of a tile, which overlap those of the next,
// become the left factors of its products; products of one kind are one matrix product over the channels, of
// as many tiles as the nearest caches hold with their kernels; what comes of them becomes the outputs.
// Channels lie last: all that is done to a tile is done to a vector of channels at a time.

#include <ATen/native/CPUBlas.h>
#include <ATen/ops/baddbmm.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/empty.h>
#include <torch/library.h>

#include <algorithm>
#include <array>
#include <vector>

#include "network/winograd_axis.h"
#include "network/winograd_convolution.h"
#include "ops/common/hand_out.h"
#include "ops/common/multiversion.h"

namespace fep {
namespace {

/// Rows of left factors that are computed before they are multiplied, of all kinds of products together.
constexpr std::int64_t kRows = 2048;

/// Channels that pass from the first axis to the second at a time: what is between them stays in the nearest
/// cache.
constexpr std::int64_t kChannels = 64;
constexpr float kNoBias[kChannels] = {};

/// One of the two passes of an axis over some channels. Each of inputs and factors is a channel's first.
template <typename Axis>
FEP_INLINE void factors_along(const float* const (&inputs)[Axis::kProducts], std::int64_t channels,
                              float* const (&factors)[Axis::kProducts]) {
#pragma omp simd
  for (std::int64_t c = 0; c < channels; ++c) {
    float x[Axis::kProducts], y[Axis::kProducts];
    for (int i = 0; i < Axis::kProducts; ++i) x[i] = inputs[i][c];
    Axis::factors_of_inputs(x, y);
    for (int i = 0; i < Axis::kProducts; ++i) factors[i][c] = y[i];
  }
}

/// bias: of each channel.
template <typename Axis>
FEP_INLINE void outputs_along(const float* const (&products)[Axis::kProducts], const float* bias,
                              std::int64_t channels, float* const (&outputs)[Axis::kOutputs]) {
#pragma omp simd
  for (std::int64_t c = 0; c < channels; ++c) {
    float x[Axis::kProducts], y[Axis::kOutputs];
    for (int i = 0; i < Axis::kProducts; ++i) x[i] = products[i][c];
    Axis::outputs_of_products(x, y);
    for (int i = 0; i < Axis::kOutputs; ++i) outputs[i][c] = y[i] + bias[c];
  }
}

/// inputs: a pointer to the channels of each input of a tile. The factors of product p stand at p · stride.
template <typename Rows, typename Columns>
FEP_INLINE void factors_body(const float* const* inputs, std::int64_t channels, float* factors,
                             std::int64_t stride) {
  constexpr int kRowsOf = Rows::kProducts, kColumnsOf = Columns::kProducts;
  float between[kColumnsOf][kRowsOf][kChannels];
  for (std::int64_t first = 0; first < channels; first += kChannels) {
    const auto count = std::min(kChannels, channels - first);
    for (int j = 0; j < kColumnsOf; ++j) {
      const float* column[kRowsOf];
      float* down[kRowsOf];
      for (int i = 0; i < kRowsOf; ++i) {
        column[i] = inputs[i * kColumnsOf + j] + first;
        down[i] = kColumnsOf == 1 ? factors + i * stride + first : between[j][i];
      }
      factors_along<Rows>(column, count, down);
    }
    if constexpr (kColumnsOf == 1) continue;
    for (int i = 0; i < kRowsOf; ++i) {
      const float* row[kColumnsOf];
      float* across[kColumnsOf];
      for (int j = 0; j < kColumnsOf; ++j) {
        row[j] = between[j][i];
        across[j] = factors + (i * kColumnsOf + j) * stride + first;
      }
      factors_along<Columns>(row, count, across);
    }
  }
}

/// outputs: a pointer to the channels of each output of a tile.
template <typename Rows, typename Columns>
FEP_INLINE void outputs_body(const float* products, std::int64_t stride, const float* bias,
                             std::int64_t channels, float* const* outputs) {
  constexpr int kColumnsOf = Columns::kProducts;
  float between[kColumnsOf][Rows::kOutputs][kChannels];
  for (std::int64_t first = 0; first < channels; first += kChannels) {
    const auto count = std::min(kChannels, channels - first);
    for (int j = 0; j < kColumnsOf; ++j) {
      const float* column[Rows::kProducts];
      float* down[Rows::kOutputs];
      for (int i = 0; i < Rows::kProducts; ++i) column[i] = products + (i * kColumnsOf + j) * stride + first;
      for (int i = 0; i < Rows::kOutputs; ++i) down[i] = between[j][i];
      outputs_along<Rows>(column, kNoBias, count, down);
    }
    for (int i = 0; i < Rows::kOutputs; ++i) {
      const float* row[kColumnsOf];
      float* across[Columns::kOutputs];
      for (int j = 0; j < kColumnsOf; ++j) row[j] = between[j][i];
      for (int j = 0; j < Columns::kOutputs; ++j) across[j] = outputs[i * Columns::kOutputs + j] + first;
      outputs_along<Columns>(row, bias + first, count, across);
    }
  }
}

/// One of the two functions above for each kind of kernel, compiled for each kind of processor.
#define FEP_DEFINE_TILES(Columns)                                                                            \
  FEP_MULTIVERSION void find_factors(Columns, const float* const* inputs, std::int64_t channels,             \
                                     float* factors, std::int64_t stride) {                                  \
    factors_body<ThreeTaps, Columns>(inputs, channels, factors, stride);                                     \
  }                                                                                                          \
  FEP_MULTIVERSION void find_outputs(Columns, const float* products, std::int64_t stride, const float* bias, \
                                     std::int64_t channels, float* const* outputs) {                         \
    outputs_body<ThreeTaps, Columns>(products, stride, bias, channels, outputs);                             \
  }

FEP_DEFINE_TILES(ThreeTaps)
FEP_DEFINE_TILES(OneTap)
#undef FEP_DEFINE_TILES

/// Planes with channels last: where a pixel's channels begin.
struct Planes {
  std::int64_t count, channels, height, width;

  std::int64_t offset(std::int64_t plane, std::int64_t y, std::int64_t x) const {
    return ((plane * height + y) * width + x) * channels;
  }
  bool has(std::int64_t y, std::int64_t x) const { return y >= 0 && y < height && x >= 0 && x < width; }
};

struct Tile {
  std::int64_t clip, y, x;  ///< y, x: of its first output
};

/// For each frame of a kernel: products × channels of the input × of the output.
using Kernels = std::vector<at::Tensor>;

/// products (+)= rows · kernels, each of as many matrices. oneDNN's products of small matrices take up to 1.4
/// times less than at::bmm() on some processors, and it is asked for only where this libtorch has it.
void multiply_matrices(const at::Tensor& rows, const at::Tensor& kernels, bool add, at::Tensor& products) {
#ifdef CPUBLAS_BRGEMM_F32F32F32
  const auto height = rows.size(1), depth = rows.size(2), width = products.size(2);
  for (std::int64_t i = 0; i < rows.size(0); ++i) {
    at::native::cpublas::brgemm(height, width, depth, depth, width, width, add,
                                rows.const_data_ptr<float>() + i * rows.stride(0),
                                kernels.const_data_ptr<float>() + i * kernels.stride(0),
                                products.mutable_data_ptr<float>() + i * products.stride(0));
  }
#else
  if (add) {
    at::baddbmm_out(products, products, rows, kernels);
  } else {
    at::bmm_out(products, rows, kernels);
  }
#endif
}

template <typename Columns>
class Convolution {
 public:
  static constexpr int kProducts = ThreeTaps::kProducts * Columns::kProducts;
  static constexpr int kOutputs = ThreeTaps::kOutputs * Columns::kOutputs;

  /// frames: of the input, for each clip.
  Convolution(const at::Tensor& input, const Kernels& kernels, const float* bias, at::IntArrayRef padding,
              std::int64_t frames, const at::Tensor& output)
      : in_(planes_of(input)),
        out_(planes_of(output)),
        input_(input.const_data_ptr<float>()),
        output_(output.mutable_data_ptr<float>()),
        kernels_(kernels),
        bias_(bias),
        before_(padding[0]),
        top_(padding[1]),
        left_(padding[2]),
        clips_(in_.count / frames),
        frames_in_(frames),
        frames_out_(out_.count / clips_),
        rows_((out_.height + ThreeTaps::kOutputs - 1) / ThreeTaps::kOutputs),
        columns_((out_.width + Columns::kOutputs - 1) / Columns::kOutputs) {}

  void run() const {
    const auto tiles = clips_ * rows_ * columns_;
    const auto threads = at::get_num_threads();
    // A multiple of the threads, so that none waits for a last block.
    const auto rounds = (tiles * frames_out_ * kProducts + kRows * threads - 1) / (kRows * threads);
    const auto length = std::max<std::int64_t>(1, (tiles + rounds * threads - 1) / (rounds * threads));
    hand_out((tiles + length - 1) / length, [&] {
      return [this, tiles, length, workspace = Workspace(*this, length)](std::int64_t block) mutable {
        run_block(block * length, std::min(length, tiles - block * length), workspace);
      };
    });
  }

 private:
  struct Workspace {
    Workspace(const Convolution& of, std::int64_t length)
        : factors(at::empty({kProducts, length * of.frames_of_factors(), of.in_.channels}, at::kFloat)),
          products(at::empty({kProducts, length * of.frames_out_, of.out_.channels}, at::kFloat)),
          nothing(of.in_.channels),
          ignored(of.out_.channels) {}

    at::Tensor factors, products;
    std::vector<float> nothing, ignored;  ///< what lies beyond the planes
  };

  static Planes planes_of(const at::Tensor& tensor) {
    return {tensor.size(0), tensor.size(1), tensor.size(2), tensor.size(3)};
  }

  std::int64_t frames_of_factors() const {
    return frames_out_ + static_cast<std::int64_t>(kernels_.size()) - 1;
  }

  Tile tile(std::int64_t index) const {
    const auto in_plane = rows_ * columns_;
    return {index / in_plane, index % in_plane / columns_ * ThreeTaps::kOutputs,
            index % columns_ * Columns::kOutputs};
  }

  /// All frames of some tiles.
  void run_block(std::int64_t first, std::int64_t length, Workspace& workspace) const {
    at::Tensor factors = workspace.factors.narrow(1, 0, length * frames_of_factors());
    at::Tensor products = workspace.products.narrow(1, 0, length * frames_out_);
    auto* factor = factors.mutable_data_ptr<float>();
    for (std::int64_t frame = 0; frame < frames_of_factors(); ++frame) {
      for (std::int64_t i = 0; i < length; ++i, factor += in_.channels) {
        take_inputs(tile(first + i), frame - before_, workspace, factor, factors.stride(0));
      }
    }
    multiply(factors, length, products);
    const auto* product = products.const_data_ptr<float>();
    for (std::int64_t frame = 0; frame < frames_out_; ++frame) {
      for (std::int64_t i = 0; i < length; ++i, product += out_.channels) {
        put_outputs(tile(first + i), frame, workspace, product, products.stride(0));
      }
    }
  }

  /// A later frame's factors lie so many rows further: each frame of the kernel takes rows from there on.
  void multiply(const at::Tensor& factors, std::int64_t length, at::Tensor& products) const {
    for (std::size_t i = 0; i < kernels_.size(); ++i) {
      const auto rows = factors.narrow(1, static_cast<std::int64_t>(i) * length, length * frames_out_);
      multiply_matrices(rows, kernels_[i], i > 0, products);
    }
  }

  void take_inputs(const Tile& tile, std::int64_t frame, const Workspace& workspace, float* factors,
                   std::int64_t stride) const {
    std::array<const float*, kProducts> inputs;
    const bool is_in_clip = frame >= 0 && frame < frames_in_;
    for (int i = 0; i < kProducts; ++i) {
      const auto y = tile.y - top_ + i / Columns::kProducts, x = tile.x - left_ + i % Columns::kProducts;
      inputs[i] = is_in_clip && in_.has(y, x) ? input_ + in_.offset(tile.clip * frames_in_ + frame, y, x)
                                              : workspace.nothing.data();
    }
    find_factors(Columns(), inputs.data(), in_.channels, factors, stride);
  }

  void put_outputs(const Tile& tile, std::int64_t frame, Workspace& workspace, const float* products,
                   std::int64_t stride) const {
    std::array<float*, kOutputs> outputs;
    for (int i = 0; i < kOutputs; ++i) {
      const auto y = tile.y + i / Columns::kOutputs, x = tile.x + i % Columns::kOutputs;
      outputs[i] = out_.has(y, x) ? output_ + out_.offset(tile.clip * frames_out_ + frame, y, x)
                                  : workspace.ignored.data();
    }
    find_outputs(Columns(), products, stride, bias_, out_.channels, outputs.data());
  }

  Planes in_, out_;
  const float* input_;
  float* output_;
  const Kernels& kernels_;
  const float* bias_;
  std::int64_t before_, top_, left_;  ///< padding
  std::int64_t clips_, frames_in_, frames_out_;
  std::int64_t rows_, columns_;  ///< of tiles in a plane
};

void check(const at::Tensor& planes, const at::Tensor& kernels, const std::optional<at::Tensor>& bias,
           at::IntArrayRef padding, std::int64_t frames) {
  TORCH_CHECK(planes.scalar_type() == at::kFloat && kernels.scalar_type() == at::kFloat,
              "winograd_convolution takes float32, not ", planes.scalar_type(), " and ",
              kernels.scalar_type());
  TORCH_CHECK(planes.dim() == 4 && kernels.dim() == 5 && kernels.size(1) == ThreeTaps::kProducts &&
                  (kernels.size(2) == 1 || kernels.size(2) == ThreeTaps::kProducts),
              "winograd_convolution takes planes N×C×H×W and kernels of winograd_kernels(), not ",
              planes.sizes(), " and ", kernels.sizes());
  TORCH_CHECK(planes.size(1) == kernels.size(3), "winograd_convolution: ", planes.sizes(),
              " has other channels than kernels ", kernels.sizes());
  TORCH_CHECK(!bias || (bias->scalar_type() == at::kFloat && bias->numel() == kernels.size(4)),
              "winograd_convolution takes a float32 bias for each channel of its output");
  const auto is_padding = [](std::int64_t n, std::int64_t products) {
    return n >= 0 && n < (products == 1 ? 1 : ThreeTaps::kTaps);
  };
  TORCH_CHECK(padding.size() == 3 && is_padding(padding[0], kernels.size(0)) &&
                  is_padding(padding[1], kernels.size(1)) && is_padding(padding[2], kernels.size(2)),
              "winograd_convolution takes a padding of 0 to 2 where it has taps, not ", padding);
  TORCH_CHECK(frames > 0 && planes.size(0) % frames == 0, "winograd_convolution: ", planes.size(0),
              " planes are not clips of ", frames, " frames");
}

at::Tensor winograd_planes_cpu(const at::Tensor& planes_in, const at::Tensor& kernels_in,
                               const std::optional<at::Tensor>& bias_in, at::IntArrayRef padding,
                               std::int64_t frames) {
  check(planes_in, kernels_in, bias_in, padding, frames);
  const auto planes = planes_in.contiguous(at::MemoryFormat::ChannelsLast);
  const Kernels kernels = kernels_in.contiguous().flatten(1, 2).unbind();
  const auto size_after = [&](std::int64_t size, std::size_t axis) {
    const auto taken = kernels_in.size(static_cast<std::int64_t>(axis)) == 1 ? 0 : ThreeTaps::kTaps - 1;
    return size + 2 * padding[axis] - taken;
  };
  const auto frames_out = size_after(frames, 0), height = size_after(planes.size(2), 1),
             width = size_after(planes.size(3), 2);
  TORCH_CHECK(frames_out > 0 && height > 0 && width > 0, "winograd_convolution: planes ", planes.sizes(),
              " are smaller than a kernel");
  const auto channels = kernels_in.size(4);
  const auto output = at::empty({planes.size(0) / frames * frames_out, channels, height, width},
                                planes.options(), at::MemoryFormat::ChannelsLast);
  const std::vector<float> no_bias(bias_in ? 0 : channels);
  const auto bias = bias_in ? bias_in->contiguous() : at::Tensor();
  const auto* values = bias_in ? bias.const_data_ptr<float>() : no_bias.data();
  if (kernels_in.size(2) == 1) {
    Convolution<OneTap>(planes, kernels, values, padding, frames, output).run();
  } else {
    Convolution<ThreeTaps>(planes, kernels, values, padding, frames, output).run();
  }
  return output;
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CPU, library) {
  library.impl("winograd_planes", winograd_planes_cpu);
}

}  // namespace fep
