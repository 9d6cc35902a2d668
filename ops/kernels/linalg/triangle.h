#pragma once

#include <gradus/graph/op.h>

namespace gradus::kernels {

enum class Triangle : std::uint8_t { lower, upper };

// x on one side of diagonal k, and zeros on the other, of each matrix: what tril and triu are. Linear, and
// its own gradient. The diagonal belongs to both sides.
class TriangleOp : public Op {
 public:
  TriangleOp(Triangle part, std::int64_t k) : part_(part), k_(k) {}
  std::string_view name() const override { return part_ == Triangle::lower ? "tril" : "triu"; }
  OpAttributes attributes() const override;
  DType operand_dtype(const Call& call, std::size_t i) const override;
  Shape infer_shape(const Call& call) const override;
  void forward(Forward& forward) const override;
  void vjp(Backward& b) const override;

 private:
  Triangle part_;
  std::int64_t k_;
};

}  // namespace gradus::kernels
