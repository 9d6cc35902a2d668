#pragma once

#include <gradus/models/layer.h>

namespace gradus {

struct EmbeddingOptions {
  Initializer embeddings_initializer = "uniform";
  Regularizer embeddings_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint embeddings_constraint = {};
  bool mask_zero = false;  // index 0 stands for a step that does not count: makes a mask
  Tensor weights = {};     // the table's initial values, [input_dim, output_dim]
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
  std::optional<std::uint64_t> seed = {};
};

// Rows of a table that is learned, the weight `embeddings` [input_dim, output_dim]: indices [batch, ...] ->
// [batch, ..., output_dim]. Indices are integers, or floats without a fraction. ValueError for sizes that are
// not positive and, when called, for an index outside [0, input_dim); ShapeError for weights of another
// shape.
class Embedding : public Layer {
 public:
  Embedding(std::int64_t input_dim, std::int64_t output_dim, EmbeddingOptions options = {});
  static Embedding from_config(const Config& config);
  // StateError before the layer is built.
  Parameter embeddings() const;
};

}  // namespace gradus
