#pragma once

// Reductions over some axes, or over all where none is given. ShapeError for an axis out of range or
// repeated.

#include <gradus/graph/operand.h>

#include <optional>

namespace gradus {

struct ReduceOptions {
  Axes axis = {};         // empty: all axes
  bool keepdims = false;  // keep the reduced axes, with extent 1
};

struct VarianceOptions {
  Axes axis = {};
  bool keepdims = false;
  std::int64_t ddof = 0;  // the divisor is n - ddof
};
struct NormOptions {
  double ord = 2;  // 1, 2 or infinity
  Axes axis = {};
  bool keepdims = false;
};
struct ArgOptions {
  std::optional<std::int64_t> axis = std::nullopt;  // none: x is flattened first
  bool keepdims = false;
};
struct CumulativeOptions {
  std::optional<std::int64_t> axis = std::nullopt;  // none: x is flattened first
};
struct SortOptions {
  std::optional<std::int64_t> axis = -1;  // none: x is flattened first
};
struct TopKOptions {
  bool sorted = true;  // the largest first; else in the order they have in x
};
struct TopK {
  Variable values, indices;
};

Variable sum(const Operand& x,
             ReduceOptions options = {});  // 0 for no elements; booleans are counted in int64
Variable mean(const Operand& x, ReduceOptions options = {});  // NaN for no elements; integers give float32
// The largest and the least value; NaN if there is one. Ties share the gradient equally. ShapeError for no
// elements.
Variable max(const Operand& x, ReduceOptions options = {});
Variable min(const Operand& x, ReduceOptions options = {});
Variable prod(const Operand& x, ReduceOptions options = {});  // 1 for no elements; booleans give int64
// sum((x - mean(x))^2) / (n - ddof), NaN for no elements, and its square root, whose gradient is 0 where the
// values are equal. Outside the namespace the latter is `gradus::std(x)`.
Variable var(const Operand& x, VarianceOptions options = {});
Variable std(const Operand& x, VarianceOptions options = {});
Variable logsumexp(const Operand& x, ReduceOptions options = {});  // log(sum(e^x)), shifted by the maximum
// The norm of a vector, over the axes taken together: sum(|x|), sqrt(sum(x^2)) without overflow, or max(|x|).
// The gradient of a zero vector is 0; ties in max(|x|) share it. ValueError for another order, ShapeError for
// the largest of no elements.
Variable norm(const Operand& x, NormOptions options = {});

// Where the largest and the least value stand, in int64: the first of equal ones; a NaN counts as both.
// ShapeError for no elements.
Variable argmax(const Operand& x, ArgOptions options = {});
Variable argmin(const Operand& x, ArgOptions options = {});
// Whether all values, or any, are other than 0. Of no elements all are and none is.
Variable all(const Operand& x, ReduceOptions options = {});
Variable any(const Operand& x, ReduceOptions options = {});

// Sums, products and log(sum(e^x)) of each value and those before it along an axis.
Variable cumsum(const Operand& x, CumulativeOptions options = {});
Variable cumprod(const Operand& x, CumulativeOptions options = {});
Variable logcumsumexp(const Operand& x, CumulativeOptions options = {});

// Ascending along an axis, NaN last; equal values keep their order.
Variable sort(const Operand& x, SortOptions options = {});
// The k largest values along the last axis and, in int64, where they stand; NaN counts as the largest, and of
// equal values the first comes first. ValueError unless 0 <= k <= extent.
TopK top_k(const Operand& x, std::int64_t k, TopKOptions options = {});

}  // namespace gradus
