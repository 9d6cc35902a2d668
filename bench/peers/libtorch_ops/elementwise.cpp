#include "torch_calls.h"

namespace gradus::bench {

namespace {

namespace F = torch::nn::functional;

Call unary(Tensor (*op)(const Tensor&)) {
  return [op](const Tensors& x) { return op(x[0]); };
}

Call binary(Tensor (*op)(const Tensor&, const Tensor&)) {
  return [op](const Tensors& x) { return op(x[0], x[1]); };
}

// The projection to the simplex by sorting.
Tensor sparsemax(const Tensor& x) {
  const Tensor sorted = std::get<0>(x.sort(-1, true));
  const Tensor k = torch::arange(1, x.size(-1) + 1, x.options().requires_grad(false));
  const Tensor sums = sorted.cumsum(-1) - 1;
  const Tensor support = (k * sorted > sums).sum(-1, true);
  const Tensor tau = sums.gather(-1, support - 1) / support;
  return (x - tau).clamp_min(0);
}

}  // namespace

Calls elementwise_calls() {
  return {
      {"negative", unary(at::neg)},
      {"abs", unary(at::abs)},
      {"sign", unary(at::sign)},
      {"square", unary(at::square)},
      {"sqrt", unary(at::sqrt)},
      {"rsqrt", unary(at::rsqrt)},
      {"reciprocal", unary(at::reciprocal)},
      {"exp", unary(at::exp)},
      {"expm1", unary(at::expm1)},
      {"log", unary(at::log)},
      {"log1p", unary(at::log1p)},
      {"log2", unary(at::log2)},
      {"log10", unary(at::log10)},
      {"sin", unary(at::sin)},
      {"cos", unary(at::cos)},
      {"tan", unary(at::tan)},
      {"asin", unary(at::asin)},
      {"acos", unary(at::acos)},
      {"atan", unary(at::atan)},
      {"sinh", unary(at::sinh)},
      {"cosh", unary(at::cosh)},
      {"tanh", unary(at::tanh)},
      {"asinh", unary(at::asinh)},
      {"acosh", unary(at::acosh)},
      {"atanh", unary(at::atanh)},
      {"erf", unary(at::erf)},
      {"erfc", unary(at::erfc)},
      {"lgamma", unary(at::lgamma)},
      {"digamma", unary(at::digamma)},
      {"floor", unary(at::floor)},
      {"ceil", unary(at::ceil)},
      {"round", unary(at::round)},
      {"isnan", unary(at::isnan)},
      {"isfinite", unary(at::isfinite)},
      {"logical_not", unary(at::logical_not)},
      {"nan_to_num", [](const Tensors& x) { return at::nan_to_num(x[0]); }},
      {"clip", [](const Tensors& x) { return at::clamp(x[0], -1, 1); }},
      {"cast", [](const Tensors& x) { return x[0].to(at::kDouble); }},
      {"add", [](const Tensors& x) { return at::add(x[0], x[1]); }},
      {"subtract", [](const Tensors& x) { return at::sub(x[0], x[1]); }},
      {"multiply", binary(at::mul)},
      {"divide", binary(at::div)},
      {"power", binary(at::pow)},
      {"remainder", binary(at::remainder)},
      {"maximum", binary(at::maximum)},
      {"minimum", binary(at::minimum)},
      {"atan2", binary(at::atan2)},
      {"hypot", binary(at::hypot)},
      {"logaddexp", binary(at::logaddexp)},
      {"squared_difference", {[](const Tensors& x) { return at::square(x[0] - x[1]); }, kComposed}},
      {"xlogy", binary(at::xlogy)},
      {"equal", binary(at::eq)},
      {"not_equal", binary(at::ne)},
      {"less", binary(at::lt)},
      {"less_equal", binary(at::le)},
      {"greater", binary(at::gt)},
      {"greater_equal", binary(at::ge)},
      {"logical_and", binary(at::logical_and)},
      {"logical_or", binary(at::logical_or)},
      {"where", [](const Tensors& x) { return at::where(x[0], x[1], x[2]); }},
  };
}

Calls activation_calls() {
  return {
      {"relu", unary(at::relu)},
      {"relu6", unary(at::relu6)},
      {"selu", unary(at::selu)},
      {"silu", unary(at::silu)},
      {"mish", unary(at::mish)},
      {"softplus", [](const Tensors& x) { return at::softplus(x[0]); }},
      {"softsign", [](const Tensors& x) { return F::softsign(x[0]); }},
      {"sigmoid", unary(at::sigmoid)},
      {"hard_sigmoid", unary(at::hardsigmoid)},
      {"log_sigmoid", unary(at::log_sigmoid)},
      {"hard_swish", unary(at::hardswish)},
      {"hard_tanh", [](const Tensors& x) { return at::hardtanh(x[0]); }},
      {"tanh_shrink", [](const Tensors& x) { return F::tanhshrink(x[0]); }},
      {"leaky_relu", [](const Tensors& x) { return at::leaky_relu(x[0], 0.2); }},
      {"elu", [](const Tensors& x) { return at::elu(x[0]); }},
      {"celu", [](const Tensors& x) { return at::celu(x[0], 1.5); }},
      {"gelu", [](const Tensors& x) { return at::gelu(x[0]); }},
      {"gelu[approximate]", [](const Tensors& x) { return at::gelu(x[0], "tanh"); }},
      {"hard_shrink", [](const Tensors& x) { return at::hardshrink(x[0]); }},
      {"soft_shrink", [](const Tensors& x) { return at::softshrink(x[0]); }},
      {"threshold", [](const Tensors& x) { return at::threshold(x[0], 0.1, 0.5); }},
      {"squareplus", {[](const Tensors& x) { return (x[0] + (x[0].square() + 4).sqrt()) / 2; }, kComposed}},
      {"prelu", [](const Tensors& x) { return at::prelu(x[0], x[1]); }},
      {"glu", [](const Tensors& x) { return at::glu(x[0]); }},
      {"softmax", [](const Tensors& x, const Case& item) { return at::softmax(x[0], item.axis); }},
      {"log_softmax", [](const Tensors& x, const Case& item) { return at::log_softmax(x[0], item.axis); }},
      {"sparsemax", {[](const Tensors& x) { return sparsemax(x[0]); }, kComposed}},
  };
}

}  // namespace gradus::bench
