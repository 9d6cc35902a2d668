#pragma once

#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/reduction.h>

namespace gradus::kernels {

// What reductions over axes share: attributes, shape rule, and the way back to the operand's shape.
class ReduceOp : public Op {
 public:
  explicit ReduceOp(ReduceOptions options) : options_(std::move(options)) {}
  OpAttributes attributes() const override;
  Shape infer_shape(const Call& call) const override;

  // The operand's shape with extent 1 along each reduced axis.
  static Shape kept_shape(const Call& call, const Axes& axes) {
    return kept_shape(call.shape(0), call.axes(axes));
  }
  // How many values each value of the result is made of.
  static double group_size(const Shape& shape, const Shape& kept);

 protected:
  Shape kept_shape(const Call& call) const { return kept_shape(call, options_.axis); }
  Shape kept_shape(const Backward& b) const;
  // The gradient, or the result, reshaped so that it broadcasts to the operand.
  Variable kept(const Backward& b, const Variable& x) const;
  ReduceOptions options_;

 private:
  static Shape kept_shape(const Shape& shape, const Dims& axes);
};

// What ops that choose the largest or the least value choose.
enum class Extreme : std::uint8_t { largest, least };
// What of many truths must hold.
enum class Quantifier : std::uint8_t { all, any };

// Reductions of x over the axes along which `kept` has extent 1 and x more; the result has `out`'s shape of
// as many elements. Floating values are summed and multiplied in double, sums in stretches, so that long ones
// keep their digits.
void sum_into(const Tensor& x, const Shape& kept, Tensor& out, double factor = 1);
// The same for floating x as rows of as many values as `out` has.
void sum_rows_into(const Tensor& x, Tensor& out, double factor = 1);
void prod_into(const Tensor& x, const Shape& kept, Tensor& out);
void extreme_into(Extreme extreme, const Tensor& x, const Shape& kept, Tensor& out);
void truth_into(Quantifier quantifier, const Tensor& x, const Shape& kept, Tensor& out);
void logsumexp_into(const Tensor& x, const Shape& kept, Tensor& out);

}  // namespace gradus::kernels
