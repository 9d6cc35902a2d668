#include "our_calls.h"

#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>

namespace gradus::bench {

namespace {

Call unary(Variable (*op)(const Operand&)) {
  return [op](In x, const Case&) { return op(x[0]); };
}

Call binary(Variable (*op)(const Operand&, const Operand&)) {
  return [op](In x, const Case&) { return op(x[0], x[1]); };
}

}  // namespace

Calls elementwise_calls() {
  return {
      {"negative", unary(negative)},
      {"abs", unary(abs)},
      {"sign", unary(sign)},
      {"square", unary(square)},
      {"sqrt", unary(sqrt)},
      {"rsqrt", unary(rsqrt)},
      {"reciprocal", unary(reciprocal)},
      {"exp", unary(exp)},
      {"expm1", unary(expm1)},
      {"log", unary(log)},
      {"log1p", unary(log1p)},
      {"log2", unary(log2)},
      {"log10", unary(log10)},
      {"sin", unary(sin)},
      {"cos", unary(cos)},
      {"tan", unary(tan)},
      {"asin", unary(asin)},
      {"acos", unary(acos)},
      {"atan", unary(atan)},
      {"sinh", unary(sinh)},
      {"cosh", unary(cosh)},
      {"tanh", unary(tanh)},
      {"asinh", unary(asinh)},
      {"acosh", unary(acosh)},
      {"atanh", unary(atanh)},
      {"erf", unary(erf)},
      {"erfc", unary(erfc)},
      {"lgamma", unary(lgamma)},
      {"digamma", unary(digamma)},
      {"floor", unary(floor)},
      {"ceil", unary(ceil)},
      {"round", unary(round)},
      {"isnan", unary(isnan)},
      {"isfinite", unary(isfinite)},
      {"logical_not", unary(logical_not)},
      {"nan_to_num", [](In x, const Case&) { return nan_to_num(x[0]); }},
      {"clip", [](In x, const Case&) { return clip(x[0], -1, 1); }},
      {"cast", [](In x, const Case&) { return cast(x[0], DType::float64); }},
      {"add", binary(add)},
      {"subtract", binary(subtract)},
      {"multiply", binary(multiply)},
      {"divide", binary(divide)},
      {"power", binary(power)},
      {"remainder", binary(remainder)},
      {"maximum", binary(maximum)},
      {"minimum", binary(minimum)},
      {"atan2", binary(atan2)},
      {"hypot", binary(hypot)},
      {"logaddexp", binary(logaddexp)},
      {"squared_difference", binary(squared_difference)},
      {"xlogy", binary(xlogy)},
      {"equal", binary(equal)},
      {"not_equal", binary(not_equal)},
      {"less", binary(less)},
      {"less_equal", binary(less_equal)},
      {"greater", binary(greater)},
      {"greater_equal", binary(greater_equal)},
      {"logical_and", binary(logical_and)},
      {"logical_or", binary(logical_or)},
      {"where", [](In x, const Case&) { return where(x[0], x[1], x[2]); }},
  };
}

Calls activation_calls() {
  return {
      {"relu", unary(relu)},
      {"relu6", unary(relu6)},
      {"selu", unary(selu)},
      {"silu", unary(silu)},
      {"mish", unary(mish)},
      {"softplus", unary(softplus)},
      {"softsign", unary(softsign)},
      {"sigmoid", unary(sigmoid)},
      {"hard_sigmoid", unary(hard_sigmoid)},
      {"log_sigmoid", unary(log_sigmoid)},
      {"hard_swish", unary(hard_swish)},
      {"hard_tanh", unary(hard_tanh)},
      {"tanh_shrink", unary(tanh_shrink)},
      {"leaky_relu", [](In x, const Case&) { return leaky_relu(x[0]); }},
      {"elu", [](In x, const Case&) { return elu(x[0]); }},
      {"celu", [](In x, const Case&) { return celu(x[0], {.alpha = 1.5}); }},
      {"gelu", [](In x, const Case&) { return gelu(x[0]); }},
      {"gelu[approximate]", [](In x, const Case&) { return gelu(x[0], {.approximate = true}); }},
      {"hard_shrink", [](In x, const Case&) { return hard_shrink(x[0]); }},
      {"soft_shrink", [](In x, const Case&) { return soft_shrink(x[0]); }},
      {"threshold",
       [](In x, const Case&) { return threshold(x[0], {.threshold = 0.1, .default_value = 0.5}); }},
      {"squareplus", [](In x, const Case&) { return squareplus(x[0]); }},
      {"prelu", binary(prelu)},
      {"glu", [](In x, const Case&) { return glu(x[0]); }},
      {"softmax", [](In x, const Case& item) { return softmax(x[0], {.axis = item.axis}); }},
      {"log_softmax", [](In x, const Case& item) { return log_softmax(x[0], {.axis = item.axis}); }},
      {"sparsemax", [](In x, const Case& item) { return sparsemax(x[0], {.axis = item.axis}); }},
  };
}

}  // namespace gradus::bench
