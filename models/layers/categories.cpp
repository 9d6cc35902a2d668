#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/layers/categories.h>
#include <gradus/models/layers/sample_axes.h>
#include <gradus/models/sample_shape.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <array>

namespace gradus {

namespace {

constexpr std::array<std::string_view, 4> kModes = {"int", "one_hot", "multi_hot", "count"};

}  // namespace

CategoryMode::CategoryMode(std::string_view name)
    : kind_(static_cast<Kind>(find_name("output_mode", name, kModes))) {}
std::string_view CategoryMode::name() const { return kModes[kind_]; }

Variable encoded(const Layer::Kind& layer, const Operand& indices, std::int64_t depth, CategoryMode mode,
                 const Operand* weights) {
  const Shape shape = indices.shape();
  const Shape result = batch_shape(encoded_shape(layer, sample_shape(shape), depth, mode), shape[0]);
  Variable places = one_hot(indices, depth, {.dtype = layer.dtype()});
  if (mode == CategoryMode::one_hot) return reshape(places, result.dims());
  if (weights != nullptr) {
    if (weights->shape() != shape) {
      throw ShapeError(layer.name() + ": the categories are " + to_string(shape) + ", their counts are " +
                       to_string(weights->shape()));
    }
    places = multiply(places, Operand(expand_dims(*weights, {.axis = -1}), weights->where()));
  }
  const Variable counts = sum(reshape(places, Dims{shape[0], -1, depth}), {.axis = 1});
  return mode == CategoryMode::count ? counts : minimum(counts, 1);
}

Shape encoded_shape(const Layer::Kind& layer, const Shape& sample, std::int64_t depth, CategoryMode mode) {
  std::vector<std::int64_t> dims(sample.begin(), sample.end());
  if (mode == CategoryMode::one_hot) {
    if (!dims.empty() && dims.back() == 1) dims.pop_back();
    dims.push_back(depth);
    return Shape(dims);
  }
  if (sample.rank() != 0) require_rank(layer, 1, "[n]", sample);
  return {depth};
}

}  // namespace gradus
