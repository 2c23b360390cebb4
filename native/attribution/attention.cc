#include "attribution/attention.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "attribution/stopwatch.h"
#include "model/input_gradient.h"

namespace fep {
namespace {

/// Share of the largest gradient below which there is none.
constexpr double kNoGradient = 1e-6;

struct Kind {
  AttentionSpan span;
  bool has_prefix;
  std::int64_t batch;
};

/// Which attention has these sizes; batch and heads may be one axis.
std::optional<Kind> kind_of(at::IntArrayRef sizes, const TokenGrid& tokens) {
  const auto queries = sizes[sizes.size() - 2], keys = sizes.back();
  const auto [time, height, width] = tokens.sizes;
  const auto places = height * width;
  const auto is_batch = [&](std::int64_t batch) {
    return sizes.size() == 4 ? sizes[0] == batch : sizes.size() == 3 && sizes[0] % batch == 0;
  };
  for (const auto prefix : {tokens.prefix, std::int64_t{0}}) {
    const bool has_prefix = prefix > 0;
    if (keys == prefix + tokens.patches() && is_batch(1)) {
      return Kind{queries == keys ? AttentionSpan::clip : AttentionSpan::queries, has_prefix, 1};
    }
    if (queries != keys) continue;
    if (keys == prefix + places && is_batch(time)) return Kind{AttentionSpan::frame, has_prefix, time};
  }
  const bool is_place = queries == keys && keys == time && is_batch(places);
  return is_place ? std::optional(Kind{AttentionSpan::place, false, places}) : std::nullopt;
}

[[noreturn]] void refuse(const at::Tensor& weights, const TokenGrid& tokens) {
  const auto [time, height, width] = tokens.sizes;
  std::ostringstream message;
  message
      << "An attention of the model is " << weights.sizes() << ", over " << weights.size(-1)
      << " tokens: neither all of " << time << "x" << height << "x" << width << "+" << tokens.prefix
      << ", which are " << tokens.prefix + tokens.patches()
      << ", nor those of a frame or of a place. If --tokens says so, correct it or leave it out. Attention "
         "over windows or pooled tokens cannot be rolled out: take grad-cam, or smoothgrad.";
  throw LayerError(message.str());
}

TokenGrid require_tokens(VideoModel& model, const Attentions& attentions) {
  if (attentions.weights.empty()) {
    throw LayerError(
        "The model has no attention: no softmax over tokens, and no scaled_dot_product_attention. Take "
        "grad-cam, or smoothgrad.");
  }
  if (const auto tokens = model.tokens()) return *tokens;
  throw LayerError(
      "How the model's tokens tile the clip is not known, as where they attend to each other within windows: "
      "say "
      "it, as --tokens TxHxW+PREFIX, or take grad-cam or smoothgrad.");
}

/// Whether the answer depends on the rows of class tokens.
bool depends_on_prefix(const at::Tensor& gradient, const Kind& kind, const TokenGrid& tokens) {
  if (!kind.has_prefix || kind.span == AttentionSpan::queries) return false;
  const auto magnitude = gradient.abs();
  const auto of_prefix = magnitude.slice(-2, 0, tokens.prefix).max().item<double>();
  return of_prefix > kNoGradient * magnitude.max().item<double>();
}

/// A share of each token; each frame has a copy of the class tokens.
struct Shares {
  at::Tensor prefix;   ///< T'×prefix
  at::Tensor patches;  ///< T'×(H'·W')
};

class Roller {
 public:
  Roller(const AttentionMaps& maps, double rest) : tokens_(maps.tokens), rest_(rest) {
    const auto is_frame = [](const TokenAttention& layer) { return layer.span == AttentionSpan::frame; };
    is_one_clip_ = !std::all_of(maps.layers.begin(), maps.layers.end(), is_frame);
  }

  /// What the answer takes of the last tokens.
  Shares of_answer(bool uses_prefix, const at::TensorOptions& options) const {
    const auto [time, height, width] = tokens_.sizes;
    Shares shares{at::zeros({time, tokens_.prefix}, options), at::zeros({time, height * width}, options)};
    auto& used = uses_prefix ? shares.prefix : shares.patches;
    used.fill_(1.0 / static_cast<double>(used.numel()));
    return shares;
  }

  /// The shares times Ā.
  Shares operator()(const Shares& shares, const TokenAttention& attention) const {
    switch (attention.span) {
      case AttentionSpan::frame:
        return over_frames(shares, attention);
      case AttentionSpan::place: {
        const auto places = shares.patches.t().unsqueeze(1);  // (H'·W')×1×T'
        return {shares.prefix * rest_, places.matmul(attention.weights).squeeze(1).t()};
      }
      case AttentionSpan::queries:  // each alike, whatever has come of them since
        return parted(attention.weights[0].mean(0), attention.has_prefix, at::zeros_like(shares.prefix));
      default:
        return over_clip(shares, attention);
    }
  }

 private:
  Shares over_frames(const Shares& shares, const TokenAttention& attention) const {
    const auto prefix = attention.has_prefix ? tokens_.prefix : 0;
    const auto row = at::cat({shares.prefix.slice(1, 0, prefix), shares.patches}, 1).unsqueeze(1);
    const auto moved = row.matmul(attention.weights).squeeze(1);
    const auto patches = moved.slice(1, prefix);
    if (!attention.has_prefix) return {shares.prefix * rest_, patches};
    const auto copies = moved.slice(1, 0, prefix);
    return {is_one_clip_ ? copies.mean(0, /*keepdim=*/true).expand_as(copies) : copies, patches};
  }

  Shares over_clip(const Shares& shares, const TokenAttention& attention) const {
    const auto patches = tokens_.time_last ? shares.patches.t().flatten() : shares.patches.flatten();
    const auto row = attention.has_prefix ? at::cat({shares.prefix.sum(0), patches}) : patches;
    return parted(row.matmul(attention.weights[0]), attention.has_prefix, shares.prefix * rest_);
  }

  /// A row over the model's tokens; other: the class tokens' shares where it has none.
  Shares parted(const at::Tensor& row, bool has_prefix, const at::Tensor& other) const {
    const auto [time, height, width] = tokens_.sizes;
    const auto first = has_prefix ? tokens_.prefix : 0;
    const auto patches = row.slice(0, first);
    return {
        has_prefix ? (row.slice(0, 0, first) / static_cast<double>(time)).expand({time, first}) : other,
        tokens_.time_last ? patches.view({height * width, time}).t() : patches.view({time, height * width})};
  }

  const TokenGrid& tokens_;
  double rest_;
  bool is_one_clip_;  ///< whether frames see each other, so that class tokens are the mean of their copies
};

}  // namespace

AttentionMaps attention_maps(VideoModel& model, const at::Tensor& clip, std::int64_t target, JoinHeads join,
                             double& seconds) {
  const Stopwatch watch(seconds);
  const auto attentions = model.attentions(clip.unsqueeze(0).detach().requires_grad_(true));
  AttentionMaps maps{require_tokens(model, attentions), {}, false};
  std::vector<Kind> kinds;
  for (const auto& weights : attentions.weights) {
    const auto kind = kind_of(weights.sizes(), maps.tokens);
    if (!kind) refuse(weights, maps.tokens);
    kinds.push_back(*kind);
  }
  const auto score = model.scores_of(attentions.output)[0][target];
  const auto gradients = input_gradients(score, attentions.weights);
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const auto& [span, has_prefix, batch] = kinds[i];
    const auto queries = attentions.weights[i].size(-2), keys = attentions.weights[i].size(-1);
    const auto by_head = [&](const at::Tensor& tensor) {
      return tensor.detach().to(at::kFloat).reshape({batch, -1, queries, keys});
    };
    const auto gradient = by_head(gradients[i]);
    maps.layers.push_back({span, has_prefix, join(by_head(attentions.weights[i]), gradient)});
    if (has_prefix) maps.uses_prefix = depends_on_prefix(gradient, kinds[i], maps.tokens);
  }
  return maps;
}

at::Tensor rolled_out(const AttentionMaps& maps, double keep, double move, double rest,
                      const at::Tensor& clip) {
  const Roller roll(maps, rest);
  auto shares = roll.of_answer(maps.uses_prefix, maps.layers.front().weights.options());
  for (auto layer = maps.layers.rbegin(); layer != maps.layers.rend(); ++layer) {
    const auto moved = roll(shares, *layer);
    const auto kept = layer->span == AttentionSpan::queries ? 0 : keep;
    const auto taken = layer->span == AttentionSpan::queries ? 1 : move;
    shares = {kept * shares.prefix + taken * moved.prefix, kept * shares.patches + taken * moved.patches};
  }
  const auto map = shares.patches.reshape(maps.tokens.sizes).unsqueeze(0).unsqueeze(0);
  return at::upsample_trilinear3d(map, clip.sizes().slice(1), false)[0][0];
}

}  // namespace fep
