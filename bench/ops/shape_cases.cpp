#include "cases.h"

namespace gradus::bench {

namespace {

constexpr const char* kPlain[] = {"reshape", "flatten",  "expand_dims", "squeeze",     "transpose", "split",
                                  "unstack", "flip",     "roll",        "slice",       "pad",       "tile",
                                  "repeat",  "swapaxes", "moveaxis",    "concatenate", "stack"};

std::vector<std::int64_t> shape_of(const std::string& op, const Size& size) {
  if (op == "squeeze") return {size.side, 1, size.side};
  if (op == "swapaxes" || op == "moveaxis") return {size.side, size.side / 4, 4};
  return size.square();
}

std::vector<Input> operands_of(const std::string& op, const Size& size) {
  const Input x{shape_of(op, size)};
  if (op == "concatenate" || op == "stack") return {x, x};
  return {x};
}

}  // namespace

std::vector<Case> shape_cases() {
  std::vector<Case> cases;
  for (const Size& size : sizes()) {
    for (const std::string op : kPlain) {
      cases.push_back({op, "", size.name, operands_of(op, size), 0});
    }
    for (const std::string op : {"concatenate", "split", "slice"}) {
      cases.push_back({op, "axis=-1", size.name, operands_of(op, size), -1});
    }
    const double side = static_cast<double>(size.side);
    cases.push_back({"broadcast_to", "row", size.name, {{{size.side}}}});
    cases.push_back({"broadcast_to", "column", size.name, {{{size.side, 1}}}});
    const Input indices{{size.side}, Fill::integers, 0, side};
    cases.push_back({"take", "axis=0", size.name, {{size.square()}, indices}, 0});
    cases.push_back({"take", "axis=-1", size.name, {{size.square()}, indices}, -1});
    const Input each{size.square(), Fill::integers, 0, side};
    cases.push_back({"take_along_axis", "axis=-1", size.name, {{size.square()}, each}, -1});
    cases.push_back({"take_along_axis", "axis=0", size.name, {{size.square()}, each}, 0});
    cases.push_back({"scatter_add", "", size.name, {{size.square()}, indices, {size.square()}}, 0});
  }
  return cases;
}

}  // namespace gradus::bench
