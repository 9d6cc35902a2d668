#pragma once

#include <gradus/models/activation_function.h>
#include <gradus/models/layer.h>

namespace gradus {

struct EinsumDenseOptions {
  ActivationFunction activation = {};
  std::string bias_axes = {};  // the letters of the output along which there is a bias; empty: no bias
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  Regularizer activity_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint bias_constraint = {};
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
  std::optional<DType> dtype = {};
  std::optional<std::uint64_t> seed = {};
};

// activation(einsum(equation, x, kernel) + bias), with a kernel of the extents that the equation and the
// output's shape ask for: EinsumDense("abc,cd->abd", {-1, 64}). The equation is "x,kernel->output", where x
// and output may both begin, or both end, with "...". `output_shape` is that of a sample, without the axes
// of "..."; -1 where x has the extent. ValueError for an equation of another form, or a letter that cannot be
// resolved; ShapeError, when built, for an input that does not fit it.
class EinsumDense : public Layer {
 public:
  EinsumDense(std::string_view equation, const Axes& output_shape, EinsumDenseOptions options = {});
  static EinsumDense from_config(const Config& config);
  // StateError before the layer is built, or without a bias.
  Parameter kernel() const;
  Parameter bias() const;
};

}  // namespace gradus
