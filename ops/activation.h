#pragma once

// Activation functions, by Keras's names and definitions. Integers become float32, except in relu, relu6 and
// hard_tanh, which keep them. Every one has gradients of every order. ValueError for an attribute that is NaN
// or infinite, or negative where that makes no sense.

#include <gradus/graph/operand.h>

namespace gradus {

struct LeakyReluOptions {
  double negative_slope = 0.2;
};
struct EluOptions {
  double alpha = 1;
};
struct CeluOptions {
  double alpha = 1;
};
struct GeluOptions {
  bool approximate = false;  // by a tanh
};
struct ThresholdOptions {
  double threshold = 0;
  double default_value = 0;
};
struct ShrinkOptions {
  double threshold = 0.5;
};
struct SquareplusOptions {
  double b = 4;
};
struct GluOptions {
  std::int64_t axis = -1;  // the axis that is halved
};
struct SoftmaxOptions {
  std::int64_t axis = -1;  // the axis along which the values sum to 1
};

Variable relu(const Operand& x);   // max(x, 0); the gradient at 0 is 0
Variable relu6(const Operand& x);  // min(max(x, 0), 6); the gradient at 0 and 6 is 0
// x where x > 0, else negative_slope x; the gradient at 0 is negative_slope
Variable leaky_relu(const Operand& x, LeakyReluOptions options = {});
// x where x > 0, else alpha x; alpha, which is learned, broadcasts; the gradient at 0 is alpha
Variable prelu(const Operand& x, const Operand& alpha);
// x where x > 0, else alpha (e^x - 1); the gradient at 0 is alpha
Variable elu(const Operand& x, EluOptions options = {});
// 1.0507 elu(x) with alpha = 1.67326, which keeps mean 0 and variance 1 (Klambauer et al., 2017)
Variable selu(const Operand& x);
// x where x > 0, else alpha (e^(x / alpha) - 1): of slope 1 at 0 for every alpha (Barron, 2017)
Variable celu(const Operand& x, CeluOptions options = {});
// x times the chance that a standard normal number is below x: x (1 + erf(x / sqrt 2)) / 2
// (Hendrycks and Gimpel, 2016); approximately x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2
Variable gelu(const Operand& x, GeluOptions options = {});
Variable silu(const Operand& x);      // x sigmoid(x), also called swish
Variable mish(const Operand& x);      // x tanh(softplus(x))
Variable softplus(const Operand& x);  // log(1 + e^x), exact for large x too
Variable softsign(const Operand& x);  // x / (1 + |x|)
// (x + sqrt(x^2 + b)) / 2
Variable squareplus(const Operand& x, SquareplusOptions options = {});
Variable sigmoid(const Operand& x);       // 1 / (1 + e^-x)
Variable log_sigmoid(const Operand& x);   // log sigmoid(x), exact for large x of either sign
Variable hard_sigmoid(const Operand& x);  // relu6(x + 3) / 6; the gradient at -3 and 3 is 0
Variable hard_swish(const Operand& x);    // x hard_sigmoid(x); the gradient at -3 is 0, at 3 it is 1
Variable hard_tanh(const Operand& x);     // min(max(x, -1), 1); the gradient at -1 and 1 is 0
Variable tanh_shrink(const Operand& x);   // x - tanh x
// x where |x| > threshold, else 0, as is the gradient
Variable hard_shrink(const Operand& x, ShrinkOptions options = {});
// x drawn towards 0 by threshold, 0 where |x| <= threshold, as is the gradient
Variable soft_shrink(const Operand& x, ShrinkOptions options = {});
// x where x > threshold, else default_value; the gradient there is 0
Variable threshold(const Operand& x, ThresholdOptions options = {});
// a sigmoid(b) for the halves a and b of x along an axis. ShapeError for an odd extent, a scalar, or an axis
// out of range.
Variable glu(const Operand& x, GluOptions options = {});
// e^x / sum(e^x) along an axis, shifted by the maximum so that large values neither overflow nor lose digits.
// ShapeError for a scalar or an axis out of range.
Variable softmax(const Operand& x, SoftmaxOptions options = {});
Variable log_softmax(const Operand& x, SoftmaxOptions options = {});  // x - logsumexp(x) along an axis
// The distribution along an axis that is nearest to x: most of its values may be 0 (Martins and Astudillo,
// 2016). ShapeErrors as for softmax.
Variable sparsemax(const Operand& x, SoftmaxOptions options = {});

}  // namespace gradus
