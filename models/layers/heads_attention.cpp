#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/layer_checks.h>
#include <gradus/models/layers/activity.h>
#include <gradus/models/layers/heads_attention.h>
#include <gradus/models/layers/placed.h>
#include <gradus/models/sample_shape.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <cmath>

namespace gradus {

namespace {

std::int64_t product(std::span<const std::int64_t> dims) {
  std::int64_t result = 1;
  for (const std::int64_t extent : dims) result *= extent;
  return result;
}

Dims joined(const Dims& a, const Dims& b) {
  Dims dims(a.size() + b.size(), 0);
  std::copy(a.begin(), a.end(), dims.begin());
  std::copy(b.begin(), b.end(), dims.begin() + static_cast<std::ptrdiff_t>(a.size()));
  return dims;
}

// All places between the batch's axis and the features' as one axis.
Variable as_sequence(const Operand& x) {
  const Shape shape = x.shape();
  if (shape.rank() == 3) return x.variable();
  return reshape(x, {shape[0], product({shape.begin() + 1, shape.end() - 1}), shape.back()});
}

// The axes between the batch's and the features': those that attention is over.
bool all_inner_axes(const Axes& axes, int rank) {
  std::vector<std::int64_t> given;
  for (const std::int64_t axis : axes) given.push_back(axis < 0 ? axis + rank : axis);
  std::sort(given.begin(), given.end());
  bool all = static_cast<int>(given.size()) == rank - 2;
  for (std::size_t i = 0; all && i < given.size(); ++i) all = given[i] == static_cast<std::int64_t>(i) + 1;
  return all;
}

}  // namespace

void require_positive(std::string_view owner, std::string_view what, std::int64_t size) {
  if (size >= 1) return;
  throw ValueError(std::string(owner) + ": " + std::string(what) + " must be positive, got " +
                   std::to_string(size));
}

HeadsAttention::HeadsAttention(Heads heads, MultiHeadAttentionOptions options,
                               std::function<Config()> describe)
    : Kind(common_options(options)),
      heads_(heads),
      options_(std::move(options)),
      describe_(std::move(describe)),
      value_dim_(options_.value_dim.value_or(heads.key_dim)) {
  require_positive("attention", "value_dim", value_dim_);
  if (options_.sliding_window) require_positive("attention", "sliding_window", *options_.sliding_window);
  for (const std::int64_t extent : options_.output_shape)
    require_positive("attention", "output_shape", extent);
  if (!(options_.dropout >= 0 && options_.dropout < 1)) {
    throw ValueError("attention: dropout must be in [0, 1), got " + scalar_text(options_.dropout));
  }
}

HeadsAttention::Projection HeadsAttention::add_projection(const std::string& name, const Dims& from,
                                                          const Dims& to) {
  Projection projection;
  projection.kernel = add_weight(name + "/kernel", Shape(joined(from, to)),
                                 {.initializer = options_.kernel_initializer,
                                  .regularizer = options_.kernel_regularizer,
                                  .constraint = options_.kernel_constraint});
  if (options_.use_bias) {
    projection.bias = add_weight(name + "/bias", Shape(to),
                                 {.initializer = options_.bias_initializer,
                                  .regularizer = options_.bias_regularizer,
                                  .constraint = options_.bias_constraint});
  }
  return projection;
}

void HeadsAttention::build_all(const std::vector<Shape>& inputs) {
  const Shape output = output_shapes(inputs).front();
  const int rank = inputs.front().rank();
  const auto features = [](const Shape& shape) { return Dims(1, shape.back()); };
  query_ = add_projection("query", features(inputs[0]), {heads_.queries, heads_.key_dim});
  key_ = add_projection("key", features(inputs.back()), {heads_.keys, heads_.key_dim});
  if (options_.use_gate) gate_ = add_projection("gate", features(inputs[0]), {heads_.queries, value_dim_});
  value_ = add_projection("value", features(inputs[1]), {heads_.keys, value_dim_});
  output_ = add_projection("attention_output", {heads_.queries, value_dim_},
                           Dims(std::span(output.begin() + (rank - 1), output.end())));
}

std::vector<Shape> HeadsAttention::output_shapes(const std::vector<Shape>& inputs) {
  require_attention_inputs(*this, inputs);
  const Shape &query = inputs[0], &value = inputs[1], &key = inputs.back();
  const int rank = query.rank() + 1;
  if (value.rank() != query.rank() || !std::equal(value.begin(), value.end() - 1, key.begin())) {
    throw ShapeError(name() + ": query " + batch_text(query) + ", value " + batch_text(value) + " and key " +
                     batch_text(key) + " do not go together");
  }
  if (!options_.attention_axes.empty() && !all_inner_axes(options_.attention_axes, rank)) {
    throw ValueError(name() + ": attention is over all axes between the batch's and the features' of " +
                     batch_text(query) + "; attention_axes cannot choose among them");
  }
  Dims dims(std::span(query.begin(), query.end() - 1));
  dims = joined(dims, options_.output_shape.empty() ? Dims(1, query.back()) : Dims(options_.output_shape));
  std::vector<Shape> shapes = {Shape(dims)};
  if (options_.return_attention_scores) {
    shapes.push_back({heads_.queries, product({query.begin(), query.end() - 1}),
                      product({value.begin(), value.end() - 1})});
  }
  return shapes;
}

std::vector<Tensor> HeadsAttention::output_masks(const std::vector<Operand>&,
                                                 const std::vector<Tensor>& masks) {
  if (masks.empty()) return {};
  return {masks.front()};
}

Variable HeadsAttention::project(const Operand& x, const Projection& projection, std::size_t from) const {
  const Placed at(x.where());
  const Shape shape = x.shape();
  const Dims kernel = projection.kernel.shape().dims();
  const std::span<const std::int64_t> to(kernel.begin() + static_cast<std::ptrdiff_t>(from), kernel.end());
  const std::int64_t in = product({kernel.begin(), from}), out = product(to);
  const Operand flat = at(reshape(x, {shape[0], shape[1], in})),
                weight = at(reshape(at(projection.kernel), {in, out}));
  const Variable y = projection.bias.defined() ? dense(flat, weight, at(reshape(at(projection.bias), {out})))
                                               : dense(flat, weight);
  Variable result = reshape(at(y), joined({shape[0], shape[1]}, Dims(to)));
  penalize_activity(options_.activity_regularizer, result, x);
  return result;
}

Variable HeadsAttention::by_head(const Operand& x, const Projection& projection) const {
  const Placed at(x.where());
  return transpose(at(project(x, projection, 1)), {.axes = {0, 2, 1, 3}});
}

std::vector<Variable> HeadsAttention::call_all(const std::vector<Operand>& inputs,
                                               const CallOptions& options) {
  std::vector<Shape> samples;
  for (const Operand& input : inputs) samples.push_back(sample_shape(input.shape()));
  const Shape output_shape = output_shapes(samples).front();
  require_same_rows(*this, inputs);
  const Placed at(inputs.front().where());
  AttentionMasks masks = attention_masks(options);
  masks.window = options_.sliding_window.value_or(0);
  if (inputs.size() == 2) masks.key = {};
  if (inputs.front().rank() != 3 && (masks.query.defined() || masks.value.defined() || masks.key.defined() ||
                                     masks.pairs.defined() || masks.causal || masks.window > 0)) {
    throw ShapeError(name() + ": masks need [batch, time, features], the query is " +
                     to_string(inputs.front().shape()));
  }
  const Operand query = at(as_sequence(inputs[0])), value = at(as_sequence(inputs[1])),
                key = inputs.size() == 2 ? value : at(as_sequence(inputs[2]));
  const std::int64_t batch = query.shape()[0], queries = query.shape()[1];
  const Tensor pairs = attention_pairs(*this, masks, batch, queries, key.shape()[1]);

  Variable q = by_head(query, query_), k = by_head(key, key_), v = by_head(value, value_);
  if (const std::int64_t shared = heads_.queries / heads_.keys; shared > 1) {
    k = repeat(at(std::move(k)), shared, {.axis = 1});
    v = repeat(at(std::move(v)), shared, {.axis = 1});
  }
  auto [attended, weights] = attend(at(std::move(q)), at(std::move(k)), at(std::move(v)), pairs, options);
  attended = transpose(at(std::move(attended)), {.axes = {0, 2, 1, 3}});
  if (options_.use_gate) {
    attended = multiply(at(std::move(attended)), at(sigmoid(at(project(query, gate_, 1)))));
  }
  const Variable output = project(at(std::move(attended)), output_, 2);
  std::vector<Variable> outputs = {reshape(at(output), batch_shape(output_shape, batch).dims())};
  if (options_.return_attention_scores) outputs.push_back(std::move(weights));
  return outputs;
}

std::pair<Variable, Variable> HeadsAttention::attend(const Operand& query, const Operand& key,
                                                     const Operand& value, const Tensor& pairs,
                                                     const CallOptions& options) {
  const Placed at(query.where());
  Tensor mask = pairs;
  if (mask.defined() && mask.rank() == 3) mask = mask.reshape({mask.dim(0), 1, mask.dim(1), mask.dim(2)});
  const bool drops = options.training && options_.dropout > 0;
  if (!drops && !options_.return_attention_scores) {
    DotProductAttentionOptions own;
    if (mask.defined()) own.mask = at(mask);
    return {scaled_dot_product_attention(query, key, value, own), {}};
  }
  const double scale = 1 / std::sqrt(static_cast<double>(heads_.key_dim));
  Variable scores = matmul(at(multiply(query, scale)), key, {.transpose_b = true});
  if (mask.defined()) scores = where(at(mask), at(std::move(scores)), -1e9);
  Variable weights = softmax(at(std::move(scores)), {.axis = -1});
  if (mask.defined()) weights = where(at(mask), at(std::move(weights)), 0);
  Variable kept = drops ? dropout(at(weights), random(), {.rate = options_.dropout}) : weights;
  return {matmul(at(std::move(kept)), value), std::move(weights)};
}

}  // namespace gradus
