#pragma once

#include <gradus/models/activation_function.h>
#include <gradus/models/layer.h>

namespace gradus {

struct DenseOptions {
  ActivationFunction activation = {};
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint bias_constraint = {};
  Shape input_shape = {};
  std::optional<std::int64_t> input_dim = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
  std::optional<std::uint64_t> seed = {};
};

// activation(x kernel + bias): [batch, ..., in] -> [batch, ..., units]. ValueError unless units is positive.
class Dense : public Layer {
 public:
  explicit Dense(std::int64_t units, DenseOptions options = {});
  static Dense from_config(const Config& config);
  // The weights, [in, units] and [units]. StateError before the layer is built, or without a bias.
  const Parameter& kernel() const;
  const Parameter& bias() const;
};

}  // namespace gradus
