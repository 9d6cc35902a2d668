#include "cases.h"

namespace gradus::bench {

namespace {

constexpr const char* kPlain[] = {
    "relu",       "relu6",     "leaky_relu",  "elu",         "selu",        "celu",         "gelu",
    "silu",       "mish",      "softplus",    "softsign",    "sigmoid",     "hard_sigmoid", "log_sigmoid",
    "hard_swish", "hard_tanh", "tanh_shrink", "hard_shrink", "soft_shrink", "threshold",    "squareplus"};

}  // namespace

std::vector<Case> activation_cases() {
  std::vector<Case> cases;
  for (const Size& size : sizes()) {
    for (const char* op : kPlain) {
      cases.push_back({op, "", size.name, {{size.square(), Fill::uniform, -4, 4}}});
    }
    cases.push_back({"gelu", "approximate", size.name, {{size.square(), Fill::uniform, -4, 4}}});
    cases.push_back({"prelu", "", size.name, {{size.square()}, {{size.side}, Fill::uniform, 0.1, 0.4}}});
    cases.push_back({"glu", "", size.name, {{size.square()}}});
    for (const char* op : {"softmax", "log_softmax", "sparsemax"}) {
      cases.push_back({op, "", size.name, {{size.square()}}, -1});
      cases.push_back({op, "rows of 16", size.name, {{size.rows()}}, -1});
    }
    for (const char* op : {"softmax", "log_softmax"}) {
      cases.push_back({op, "axis=0", size.name, {{size.square()}}, 0});
    }
  }
  return cases;
}

}  // namespace gradus::bench
