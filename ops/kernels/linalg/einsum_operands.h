#pragma once

#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/linalg/einsum_subscripts.h>

#include <map>
#include <vector>

namespace gradus::kernels {

// What an axis is called: its letter or, of "...", kBroadcast and how many axes of it follow.
using Labels = std::vector<int>;
constexpr int kBroadcast = 256;

Labels labels_of(const EinsumTerm& term, int broadcast_axes);

struct Factor {
  Variable value;
  Labels labels;
};

// The extents of the labels `wanted`. REQUIRES that x has them.
Dims extents_of(const Factor& x, const Labels& wanted);

// The operands of einsum with their labels. ShapeError where subscripts and operands do not agree.
class EinsumOperands {
 public:
  EinsumOperands(const Expansion& op, const EinsumSubscripts& subscripts);

  int broadcast_axes() const { return broadcast_axes_; }  // the most that "..." stands for
  const Labels& labels(std::size_t i) const { return labels_[i]; }
  // Operand i, made of ops: axes of "..." that only broadcast are left out, and letters that stand twice
  // become diagonals.
  Factor factor(std::size_t i) const;

 private:
  void measure(const Shape& shape, const Labels& labels);

  const Expansion& op_;
  int broadcast_axes_ = 0;
  std::vector<Labels> labels_;
  std::map<int, std::int64_t> extents_;
};

}  // namespace gradus::kernels
