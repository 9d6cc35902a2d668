#pragma once

#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>

#include <optional>

namespace gradus {

struct ReluOptions {
  double negative_slope = 0;             // of values up to the threshold; at least 0
  std::optional<double> max_value = {};  // what values are cut at; at least 0
  double threshold = 0;                  // the value up to which x counts as negative
};

// The activation functions by Keras's names, with Keras's options: most are ops, for which see
// <gradus/ops/activation.h>; those that are not are made of ops here. Integers that a fraction meets become
// float32.
namespace activations {

// min(x, max_value) where x > threshold, else -negative_slope max(threshold - x, 0). ValueError for an option
// that is not finite, or negative where that makes no sense.
Variable relu(const Operand& x, ReluOptions options);
using gradus::relu;
// (x + 1) / 2 within [-1, 1], 0 below and 1 above; the gradient at -1 and 1 is 0 (Blondel, Martins and
// Niculae, 2019).
Variable sparse_sigmoid(const Operand& x);
// ((x + 1) / 2)^2 within (-1, 1), 0 below and x above: the integral of sparse_sigmoid.
Variable sparse_plus(const Operand& x);
Variable linear(const Operand& x);       // x
Variable exponential(const Operand& x);  // e^x

inline constexpr auto& hard_silu = gradus::hard_swish;
inline constexpr auto& swish = gradus::silu;
using gradus::celu, gradus::elu, gradus::gelu, gradus::glu, gradus::hard_shrink, gradus::hard_sigmoid;
using gradus::hard_swish, gradus::hard_tanh, gradus::leaky_relu, gradus::log_sigmoid, gradus::log_softmax;
using gradus::mish, gradus::relu6, gradus::selu, gradus::sigmoid, gradus::silu, gradus::soft_shrink;
using gradus::softmax, gradus::softplus, gradus::softsign, gradus::sparsemax, gradus::squareplus;
using gradus::tanh, gradus::tanh_shrink, gradus::threshold;

}  // namespace activations

}  // namespace gradus
