#include "cases.h"

namespace gradus::bench {

namespace {

struct Unary {
  const char* op;
  double low, high;
};
// Where each function is defined; what has a pole keeps away from it.
constexpr Unary kUnary[] = {
    {"negative", -2, 2},  {"abs", -2, 2},        {"sign", -2, 2},        {"square", -2, 2},
    {"sqrt", 0.1, 4},     {"rsqrt", 0.1, 4},     {"reciprocal", 0.1, 4}, {"exp", -4, 4},
    {"expm1", -4, 4},     {"log", 0.1, 4},       {"log1p", -0.9, 4},     {"log2", 0.1, 4},
    {"log10", 0.1, 4},    {"sin", -6, 6},        {"cos", -6, 6},         {"tan", -1.4, 1.4},
    {"asin", -0.9, 0.9},  {"acos", -0.9, 0.9},   {"atan", -4, 4},        {"sinh", -3, 3},
    {"cosh", -3, 3},      {"tanh", -3, 3},       {"asinh", -4, 4},       {"acosh", 1.1, 5},
    {"atanh", -0.9, 0.9}, {"erf", -3, 3},        {"erfc", -3, 3},        {"lgamma", 0.1, 8},
    {"digamma", 0.1, 8},  {"nan_to_num", -2, 2}, {"floor", -4, 4},       {"ceil", -4, 4},
    {"round", -4, 4},     {"clip", -2, 2},       {"cast", -2, 2},        {"isnan", -2, 2},
    {"isfinite", -2, 2},  {"logical_not", -2, 2}};

constexpr const char* kBinary[] = {
    "add",         "subtract",   "multiply",          "maximum", "minimum",    "atan2",   "hypot",
    "logaddexp",   "equal",      "not_equal",         "less",    "less_equal", "greater", "greater_equal",
    "logical_and", "logical_or", "squared_difference"};
// Those whose operands must be positive, or away from 0.
constexpr const char* kPositive[] = {"divide", "power", "xlogy", "remainder"};

}  // namespace

std::vector<Case> elementwise_cases() {
  std::vector<Case> cases;
  for (const Unary& unary : kUnary) {
    for (const Size& size : sizes()) {
      cases.push_back({unary.op, "", size.name, {{size.square(), Fill::uniform, unary.low, unary.high}}});
    }
  }
  for (const char* op : kBinary) {
    for (const Size& size : sizes()) {
      cases.push_back({op, "", size.name, {{size.square()}, {size.square()}}});
    }
  }
  for (const char* op : kPositive) {
    const Input positive{{}, Fill::uniform, 0.5, 3};
    for (const Size& size : sizes()) {
      Case item{op, "", size.name, {positive, positive}};
      for (Input& input : item.inputs) input.shape = size.square();
      cases.push_back(item);
    }
  }
  for (const Size& size : sizes()) {
    cases.push_back(
        {"where", "", size.name, {{size.square(), Fill::booleans}, {size.square()}, {size.square()}}});
  }
  for (const char* op : {"add", "multiply"}) {
    for (const Size& size : sizes()) {
      cases.push_back({op, "row", size.name, {{size.square()}, {{size.side}}}});
      cases.push_back({op, "column", size.name, {{size.square()}, {{size.side, 1}}}});
    }
  }
  return cases;
}

}  // namespace gradus::bench
