// CPU kernel of Winograd's convolutions. See winograd_convolution.h for what it computes.
//
// A plane is cut into tiles of neighbouring outputs. The inputs of a tile, which overlap those of the next,
// become the left factors of its products; products of one kind are one matrix product over the channels, of
// as many tiles as the nearest caches hold with their kernels; what comes of them becomes the outputs.
// Channels lie last: all that is done to a tile is done to a vector of channels at a time.

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
constexpr std::int64_t kRows = 1024;

/// Where each kind of products begins, in the order of the inputs, if kind p of the kernels stands at p ·
/// stride: with reversed taps the kinds change places.
template <typename Rows, typename Columns, typename Number>
FEP_INLINE auto kinds_of_products(Number* first, std::int64_t stride, bool reversed) {
  std::array<Number*, Rows::kProducts * Columns::kProducts> kinds;
  for (int i = 0; i < Rows::kProducts; ++i) {
    for (int j = 0; j < Columns::kProducts; ++j) {
      const int row = reversed ? Rows::reversed(i) : i, column = reversed ? Columns::reversed(j) : j;
      kinds[i * Columns::kProducts + j] = first + (row * Columns::kProducts + column) * stride;
    }
  }
  return kinds;
}

/// inputs: a pointer to the channels of each input of a tile.
template <typename Rows, typename Columns>
FEP_INLINE void factors_body(const float* const* inputs, std::int64_t channels, bool reversed, float* factors,
                             std::int64_t stride) {
  constexpr int kRowsOf = Rows::kProducts, kColumnsOf = Columns::kProducts;
  const auto out = kinds_of_products<Rows, Columns>(factors, stride, reversed);
#pragma omp simd
  for (std::int64_t c = 0; c < channels; ++c) {
    float down[kColumnsOf][kRowsOf];
    for (int j = 0; j < kColumnsOf; ++j) {
      float column[kRowsOf];
      for (int i = 0; i < kRowsOf; ++i) column[i] = inputs[i * kColumnsOf + j][c];
      Rows::factors_of_inputs(column, down[j]);
    }
    for (int i = 0; i < kRowsOf; ++i) {
      float row[kColumnsOf], across[kColumnsOf];
      for (int j = 0; j < kColumnsOf; ++j) row[j] = down[j][i];
      Columns::factors_of_inputs(row, across);
      for (int j = 0; j < kColumnsOf; ++j) out[i * kColumnsOf + j][c] = across[j];
    }
  }
}

/// outputs: a pointer to the channels of each output of a tile.
template <typename Rows, typename Columns>
FEP_INLINE void outputs_body(const float* products, std::int64_t stride, bool reversed, const float* bias,
                             std::int64_t channels, float* const* outputs) {
  constexpr int kRowsOf = Rows::kProducts, kColumnsOf = Columns::kProducts;
  const auto in = kinds_of_products<Rows, Columns>(products, stride, reversed);
#pragma omp simd
  for (std::int64_t c = 0; c < channels; ++c) {
    float down[kColumnsOf][Rows::kOutputs];
    for (int j = 0; j < kColumnsOf; ++j) {
      float column[kRowsOf];
      for (int i = 0; i < kRowsOf; ++i) column[i] = in[i * kColumnsOf + j][c];
      Rows::outputs_of_products(column, down[j]);
    }
    for (int i = 0; i < Rows::kOutputs; ++i) {
      float row[kColumnsOf], across[Columns::kOutputs];
      for (int j = 0; j < kColumnsOf; ++j) row[j] = down[j][i];
      Columns::outputs_of_products(row, across);
      for (int j = 0; j < Columns::kOutputs; ++j) {
        outputs[i * Columns::kOutputs + j][c] = across[j] + bias[c];
      }
    }
  }
}

/// One of the two functions above for each kind of kernel, compiled for each kind of processor.
#define FEP_DEFINE_TILES(Columns)                                                                        \
  FEP_MULTIVERSION void find_factors(Columns, const float* const* inputs, std::int64_t channels,         \
                                     bool reversed, float* factors, std::int64_t stride) {               \
    factors_body<ThreeTaps, Columns>(inputs, channels, reversed, factors, stride);                       \
  }                                                                                                      \
  FEP_MULTIVERSION void find_outputs(Columns, const float* products, std::int64_t stride, bool reversed, \
                                     const float* bias, std::int64_t channels, float* const* outputs) {  \
    outputs_body<ThreeTaps, Columns>(products, stride, reversed, bias, channels, outputs);               \
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
  std::int64_t plane, y, x;  ///< of its first output
};

template <typename Columns>
class Convolution {
 public:
  static constexpr int kProducts = ThreeTaps::kProducts * Columns::kProducts;
  static constexpr int kOutputs = ThreeTaps::kOutputs * Columns::kOutputs;

  /// kernels: kProducts × channels of the input × channels of the output.
  Convolution(const at::Tensor& input, const at::Tensor& kernels, const float* bias, at::IntArrayRef padding,
              bool reversed, const at::Tensor& output)
      : in_(planes_of(input)),
        out_(planes_of(output)),
        input_(input.const_data_ptr<float>()),
        output_(output.mutable_data_ptr<float>()),
        kernels_(kernels),
        bias_(bias),
        top_(padding[0]),
        left_(padding[1]),
        reversed_(reversed),
        rows_((out_.height + ThreeTaps::kOutputs - 1) / ThreeTaps::kOutputs),
        columns_((out_.width + Columns::kOutputs - 1) / Columns::kOutputs) {}

  void run() const {
    const auto tiles = out_.count * rows_ * columns_;
    const auto threads = at::get_num_threads();
    // A multiple of the threads, so that none waits for a last block.
    const auto rounds = (tiles * kProducts + kRows * threads - 1) / (kRows * threads);
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
        : factors(at::empty({kProducts, length, of.in_.channels}, of.kernels_.options())),
          products(at::empty({kProducts, length, of.out_.channels}, of.kernels_.options())),
          nothing(of.in_.channels),
          ignored(of.out_.channels) {}

    at::Tensor factors, products;
    std::vector<float> nothing, ignored;  ///< what lies beyond the planes
  };

  static Planes planes_of(const at::Tensor& tensor) {
    return {tensor.size(0), tensor.size(1), tensor.size(2), tensor.size(3)};
  }

  Tile tile(std::int64_t index) const {
    const auto in_plane = rows_ * columns_;
    return {index / in_plane, index % in_plane / columns_ * ThreeTaps::kOutputs,
            index % columns_ * Columns::kOutputs};
  }

  void run_block(std::int64_t first, std::int64_t length, Workspace& workspace) const {
    at::Tensor factors = workspace.factors.narrow(1, 0, length);
    at::Tensor products = workspace.products.narrow(1, 0, length);
    for (std::int64_t i = 0; i < length; ++i) {
      take_inputs(tile(first + i), workspace, factors.mutable_data_ptr<float>() + i * in_.channels,
                  factors.stride(0));
    }
    at::bmm_out(products, factors, kernels_);
    for (std::int64_t i = 0; i < length; ++i) {
      put_outputs(tile(first + i), workspace, products.const_data_ptr<float>() + i * out_.channels,
                  products.stride(0));
    }
  }

  void take_inputs(const Tile& tile, const Workspace& workspace, float* factors, std::int64_t stride) const {
    std::array<const float*, kProducts> inputs;
    for (int i = 0; i < kProducts; ++i) {
      const auto y = tile.y - top_ + i / Columns::kProducts, x = tile.x - left_ + i % Columns::kProducts;
      inputs[i] = in_.has(y, x) ? input_ + in_.offset(tile.plane, y, x) : workspace.nothing.data();
    }
    find_factors(Columns(), inputs.data(), in_.channels, reversed_, factors, stride);
  }

  void put_outputs(const Tile& tile, Workspace& workspace, const float* products, std::int64_t stride) const {
    std::array<float*, kOutputs> outputs;
    for (int i = 0; i < kOutputs; ++i) {
      const auto y = tile.y + i / Columns::kOutputs, x = tile.x + i % Columns::kOutputs;
      outputs[i] = out_.has(y, x) ? output_ + out_.offset(tile.plane, y, x) : workspace.ignored.data();
    }
    find_outputs(Columns(), products, stride, reversed_, bias_, out_.channels, outputs.data());
  }

  Planes in_, out_;
  const float* input_;
  float* output_;
  at::Tensor kernels_;
  const float* bias_;
  std::int64_t top_, left_;
  bool reversed_;
  std::int64_t rows_, columns_;  ///< of tiles in a plane
};

void check(const at::Tensor& planes, const at::Tensor& kernels, const std::optional<at::Tensor>& bias,
           at::IntArrayRef padding, bool reversed) {
  TORCH_CHECK(planes.scalar_type() == at::kFloat && kernels.scalar_type() == at::kFloat,
              "winograd_convolution takes float32, not ", planes.scalar_type(), " and ",
              kernels.scalar_type());
  TORCH_CHECK(planes.dim() == 4 && kernels.dim() == 4 && kernels.size(0) == ThreeTaps::kProducts &&
                  (kernels.size(1) == 1 || kernels.size(1) == ThreeTaps::kProducts),
              "winograd_convolution takes planes N×C×H×W and kernels of winograd_kernels(), not ",
              planes.sizes(), " and ", kernels.sizes());
  TORCH_CHECK(planes.size(1) == kernels.size(reversed ? 3 : 2), "winograd_convolution: ", planes.sizes(),
              " has other channels than kernels ", kernels.sizes());
  TORCH_CHECK(!bias || (bias->scalar_type() == at::kFloat && bias->numel() == kernels.size(reversed ? 2 : 3)),
              "winograd_convolution takes a float32 bias for each channel of its output");
  const auto is_padding = [](std::int64_t n, std::int64_t products) { return n >= 0 && n <= products / 2; };
  TORCH_CHECK(padding.size() == 2 && is_padding(padding[0], ThreeTaps::kProducts) &&
                  is_padding(padding[1], kernels.size(1)),
              "winograd_convolution takes a padding of 0 to 2 where it has taps, not ", padding);
}

at::Tensor winograd_planes_cpu(const at::Tensor& planes_in, const at::Tensor& kernels,
                               const std::optional<at::Tensor>& bias_in, at::IntArrayRef padding,
                               bool reversed) {
  check(planes_in, kernels, bias_in, padding, reversed);
  const auto planes = planes_in.contiguous(at::MemoryFormat::ChannelsLast);
  const auto products = kernels.contiguous().flatten(0, 1);
  const auto matrices = reversed ? products.transpose(1, 2) : products;
  const bool along_rows_only = kernels.size(1) == 1;
  const auto taken = ThreeTaps::kTaps - 1;
  const auto height = planes.size(2) + 2 * padding[0] - taken,
             width = planes.size(3) + (along_rows_only ? 0 : 2 * padding[1] - taken);
  TORCH_CHECK(height > 0 && width > 0, "winograd_convolution: planes ", planes.sizes(),
              " are smaller than a kernel");
  const auto channels = matrices.size(2);
  const auto output =
      at::empty({planes.size(0), channels, height, width}, planes.options(), at::MemoryFormat::ChannelsLast);
  const std::vector<float> no_bias(bias_in ? 0 : channels);
  const auto bias = bias_in ? bias_in->contiguous() : at::Tensor();
  const auto* values = bias_in ? bias.const_data_ptr<float>() : no_bias.data();
  if (along_rows_only) {
    Convolution<OneTap>(planes, matrices, values, padding, reversed, output).run();
  } else {
    Convolution<ThreeTaps>(planes, matrices, values, padding, reversed, output).run();
  }
  return output;
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CPU, library) {
  library.impl("winograd_planes", winograd_planes_cpu);
}

}  // namespace fep
