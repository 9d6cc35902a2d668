#pragma once

#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>

#include <functional>
#include <vector>

namespace gradus {

using GradientRule = std::function<void(Backward&)>;

// An op whose value is that of its first operand, and whose gradient rule is the test's.
class WithRule : public Op {
 public:
  explicit WithRule(GradientRule rule) : rule_(std::move(rule)) {}
  std::string_view name() const override { return "with_rule"; }
  Shape infer_shape(const Call& call) const override { return call.shape(0); }
  void forward(Forward& forward) const override { forward.output().copy_from(forward.value(0)); }
  void vjp(Backward& backward) const override { rule_(backward); }

 private:
  GradientRule rule_;
};

// x, with a gradient rule of the test's.
inline Variable with_rule(const Operand& x, GradientRule rule) {
  return apply(WithRule(std::move(rule)), {x});
}

}  // namespace gradus
