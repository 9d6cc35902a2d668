#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/layer_checks.h>
#include <gradus/models/layers/attention.h>
#include <gradus/models/layers/attention_pairs.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/placed.h>
#include <gradus/models/sample_shape.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <array>

namespace gradus {

template <>
inline constexpr auto kFields<AttentionOptions> = std::tuple(
    field("use_scale", &AttentionOptions::use_scale), field("score_mode", &AttentionOptions::score_mode),
    field("dropout", &AttentionOptions::dropout), field("seed", &AttentionOptions::seed),
    field("return_attention_scores", &AttentionOptions::return_attention_scores));
template <>
inline constexpr auto kFields<AdditiveAttentionOptions> = std::tuple(
    field("use_scale", &AdditiveAttentionOptions::use_scale),
    field("dropout", &AdditiveAttentionOptions::dropout), field("seed", &AdditiveAttentionOptions::seed),
    field("return_attention_scores", &AdditiveAttentionOptions::return_attention_scores));

namespace {

// Attention by scores; kinds of it differ in how these are made from queries and keys.
class ScoredAttention : public Layer::Kind {
 public:
  template <class Options>
  explicit ScoredAttention(const Options& options)
      : Kind(common_options(options)),
        dropout_(options.dropout),
        return_scores_(options.return_attention_scores) {
    if (!(dropout_ >= 0 && dropout_ < 1)) {
      throw ValueError("attention: dropout must be in [0, 1), got " + scalar_text(dropout_));
    }
  }

  std::vector<Variable> call_all(const std::vector<Operand>& inputs, const CallOptions& options) override {
    std::vector<Shape> samples;
    for (const Operand& input : inputs) samples.push_back(sample_shape(input.shape()));
    output_shapes(samples);
    require_same_rows(*this, inputs);
    const Operand &query = inputs[0], &value = inputs[1];
    const Placed at(query.where());
    Variable scores = score(query, inputs.back());

    AttentionMasks masks = attention_masks(options);
    const Tensor queries = std::exchange(masks.query, {});
    masks.key = {};  // the value's says it
    const Tensor pairs =
        attention_pairs(*this, masks, query.shape()[0], query.shape().dim(-2), value.shape().dim(-2));
    // As in Keras: where nothing is left to attend to, all counts.
    if (pairs.defined()) scores = where(at(pairs), at(scores), at(subtract(at(scores), 1e9)));
    Variable weights = softmax(at(std::move(scores)), {.axis = -1});
    if (options.training && dropout_ > 0) weights = dropout(at(weights), random(), {.rate = dropout_});
    Variable output = matmul(at(weights), value);
    if (queries.defined()) {
      AttentionMasks own = {.query = queries};
      const Tensor rows = attention_pairs(*this, own, query.shape()[0], query.shape().dim(-2), 1);
      output = where(at(rows), at(std::move(output)), 0);
    }
    std::vector<Variable> outputs = {std::move(output)};
    if (return_scores_) outputs.push_back(std::move(weights));
    return outputs;
  }

  std::vector<Shape> output_shapes(const std::vector<Shape>& inputs) override {
    require_attention_inputs(*this, inputs);
    const Shape &query = inputs[0], &value = inputs[1], &key = inputs.back();
    if (query.back() != key.back() || query.rank() != key.rank()) {
      throw ShapeError(name() + ": query " + batch_text(query) + " and key " + batch_text(key) +
                       " must have equally many features");
    }
    Dims dims = query.dims();
    dims[dims.size() - 1] = value.back();
    std::vector<Shape> shapes = {Shape(dims)};
    dims[dims.size() - 1] = value.dim(-2);
    if (return_scores_) shapes.emplace_back(std::move(dims));
    return shapes;
  }

  std::vector<Tensor> output_masks(const std::vector<Operand>&, const std::vector<Tensor>& masks) override {
    if (masks.empty()) return {};
    return {masks.front()};
  }

 protected:
  virtual Variable score(const Operand& query, const Operand& key) = 0;
  // query + key of each pair: [.., t, s, d].
  static Variable sums(const Operand& query, const Operand& key) {
    const Placed at(query.where());
    return add(at(expand_dims(query, {.axis = -2})), at(expand_dims(key, {.axis = -3})));
  }

 private:
  double dropout_;
  bool return_scores_;
};

class AttentionKind : public ScoredAttention {
 public:
  explicit AttentionKind(const AttentionOptions& options) : ScoredAttention(options), options_(options) {
    constexpr std::array<std::string_view, 2> kModes = {"dot", "concat"};
    by_sums_ = find_name("score_mode", options.score_mode, kModes) == 1;
  }

  void build_all(const std::vector<Shape>& inputs) override {
    output_shapes(inputs);
    if (options_.use_scale) scale_ = add_weight("scale", {}, {.initializer = "ones"});
    if (by_sums_) weight_ = add_weight("concat_score_weight", {}, {.initializer = "ones"});
  }

  Config get_config() const override { return options_config(options_); }

 protected:
  Variable score(const Operand& query, const Operand& key) override {
    const Placed at(query.where());
    const auto scaled = [&](Variable scores) {
      return options_.use_scale ? multiply(at(std::move(scores)), at(scale_)) : scores;
    };
    if (!by_sums_) return scaled(matmul(query, key, {.transpose_b = true}));
    return multiply(at(sum(at(tanh(at(scaled(sums(query, key))))), {.axis = -1})), at(weight_));
  }

 private:
  AttentionOptions options_;
  bool by_sums_ = false;
  Parameter scale_;
  Parameter weight_;
};

class AdditiveAttentionKind : public ScoredAttention {
 public:
  explicit AdditiveAttentionKind(const AdditiveAttentionOptions& options)
      : ScoredAttention(options), options_(options) {}

  void build_all(const std::vector<Shape>& inputs) override {
    output_shapes(inputs);
    if (options_.use_scale) scale_ = add_weight("scale", {inputs.front().back()}, {});
  }

  Config get_config() const override { return options_config(options_); }

 protected:
  Variable score(const Operand& query, const Operand& key) override {
    const Placed at(query.where());
    Variable terms = tanh(at(sums(query, key)));
    if (options_.use_scale) terms = multiply(at(std::move(terms)), at(scale_));
    return sum(at(std::move(terms)), {.axis = -1});
  }

 private:
  AdditiveAttentionOptions options_;
  Parameter scale_;
};

}  // namespace

Attention::Attention(AttentionOptions options)
    : Layer(std::make_shared<AttentionKind>(options), "Attention") {}
AdditiveAttention::AdditiveAttention(AdditiveAttentionOptions options)
    : Layer(std::make_shared<AdditiveAttentionKind>(options), "AdditiveAttention") {}

Attention Attention::from_config(const Config& config) {
  return layer_from<Attention, AttentionOptions>(config, "Attention");
}
AdditiveAttention AdditiveAttention::from_config(const Config& config) {
  return layer_from<AdditiveAttention, AdditiveAttentionOptions>(config, "AdditiveAttention");
}

}  // namespace gradus
