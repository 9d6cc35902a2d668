#include "cases.h"

namespace gradus::bench {

namespace {

constexpr const char* kReductions[] = {"sum",       "mean", "max",    "min",    "prod", "var", "std",
                                       "logsumexp", "norm", "argmax", "argmin", "all",  "any"};
constexpr const char* kAlong[] = {"cumsum", "cumprod", "logcumsumexp", "sort"};

// Values near 1, so that a product of a million stays one.
Input input_of(const std::string& op, const Size& size) {
  Input input{size.square()};
  if (op == "prod" || op == "cumprod") {
    input.low = 0.999;
    input.high = 1.001;
  }
  return input;
}

}  // namespace

// The axis of "all" is a number no tensor has: over all axes.
std::vector<Case> reduction_cases() {
  std::vector<Case> cases;
  for (const char* op : kReductions) {
    for (const Size& size : sizes()) {
      cases.push_back({op, "all", size.name, {input_of(op, size)}, kAllAxes});
      cases.push_back({op, "axis=-1", size.name, {input_of(op, size)}, -1});
      cases.push_back({op, "axis=0", size.name, {input_of(op, size)}, 0});
    }
  }
  for (const char* op : kAlong) {
    for (const Size& size : sizes()) {
      cases.push_back({op, "axis=-1", size.name, {input_of(op, size)}, -1});
      cases.push_back({op, "axis=0", size.name, {input_of(op, size)}, 0});
    }
  }
  for (const Size& size : sizes()) {
    cases.push_back({"norm", "ord=1", size.name, {{size.square()}}, -1});
    cases.push_back({"norm", "ord=inf", size.name, {{size.square()}}, -1});
    cases.push_back({"top_k", "k=3", size.name, {{size.square()}}, -1});
  }
  return cases;
}

}  // namespace gradus::bench
