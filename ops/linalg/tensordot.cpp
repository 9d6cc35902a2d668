#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/linalg/matrices.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <cmath>

namespace gradus {

namespace {

// The pairs of axes to sum over, counted from the front.
struct Pairs {
  Dims a, b;
};

Dims counted(const Expansion& op, const Axes& axes, std::size_t i) {
  Dims result = axes;
  for (std::int64_t& axis : result) axis = static_cast<std::int64_t>(op.call().axis(axis, i));
  op.call().axes(axes, i);  // none twice
  return result;
}

Pairs pairs_of(const Expansion& op, const TensordotAxes& axes) {
  const Shape &a = op.shape(0), &b = op.shape(1);
  if (axes.listed) {
    if (axes.a.size() != axes.b.size()) {
      throw op.value_error(std::to_string(axes.a.size()) + " axes of a for " + std::to_string(axes.b.size()) +
                           " of b");
    }
    return {counted(op, axes.a, 0), counted(op, axes.b, 1)};
  }
  if (axes.count < 0) throw op.value_error("cannot sum over " + std::to_string(axes.count) + " axes");
  if (axes.count > std::min(a.rank(), b.rank())) {
    throw op.shape_error("there are no " + std::to_string(axes.count) + " axes to sum over");
  }
  Pairs pairs = {Dims(static_cast<std::size_t>(axes.count), 0),
                 Dims(static_cast<std::size_t>(axes.count), 0)};
  for (std::int64_t i = 0; i < axes.count; ++i) {
    pairs.a[static_cast<std::size_t>(i)] = a.rank() - axes.count + i;
    pairs.b[static_cast<std::size_t>(i)] = i;
  }
  return pairs;
}

// x as a matrix whose columns (rows where they are to stand first) run over `summed`.
struct Matrix {
  Variable values;
  Dims free;  // the extents that are left
};
Matrix flattened(const Call& call, const Variable& x, const Dims& summed, bool summed_first) {
  const std::size_t rank = x.shape().dims().size(), count = summed.size();
  Axes order(rank, 0);
  Dims free(rank - count, 0);
  Dims inner(count, 0);
  for (std::size_t axis = 0, next = 0; axis < rank; ++axis) {
    if (std::ranges::find(summed, static_cast<std::int64_t>(axis)) != summed.end()) continue;
    order[next + (summed_first ? count : 0)] = static_cast<std::int64_t>(axis);
    free[next++] = x.shape()[axis];
  }
  for (std::size_t i = 0; i < count; ++i) {
    order[i + (summed_first ? 0 : rank - count)] = summed[i];
    inner[i] = x.shape()[static_cast<std::size_t>(summed[i])];
  }
  const bool ordered = std::ranges::is_sorted(order);
  const Variable sorted = ordered ? x : transpose(x, {.axes = order});
  const std::int64_t rows = kernels::elements(call, free), columns = kernels::elements(call, inner);
  return {reshape(sorted, summed_first ? Dims{columns, rows} : Dims{rows, columns}), std::move(free)};
}

}  // namespace

Variable tensordot(const Operand& a, const Operand& b, TensordotOptions options) {
  const Expansion op({.name = "tensordot", .takes = Takes::numbers}, {a, b});
  const Pairs pairs = pairs_of(op, options.axes);
  for (std::size_t i = 0; i < pairs.a.size(); ++i) {
    const std::int64_t left = op.shape(0).dim(pairs.a[i]), right = op.shape(1).dim(pairs.b[i]);
    if (left == right) continue;
    throw op.shape_error("axis " + std::to_string(pairs.a[i]) + " of a and axis " +
                         std::to_string(pairs.b[i]) + " of b differ, " + std::to_string(left) + " and " +
                         std::to_string(right));
  }
  const Matrix left = flattened(op.call(), op[0], pairs.a, false);
  const Matrix right = flattened(op.call(), op[1], pairs.b, true);
  Dims dims(left.free.size() + right.free.size(), 0);
  std::ranges::copy(right.free, std::ranges::copy(left.free, dims.begin()).out);
  kernels::elements(op.call(), dims);
  return op.named(reshape(matmul(left.values, right.values), dims));
}

namespace records {

OpInfo tensordot() {
  const auto by = [](const Shape& a, const Shape& b, const TensordotAxes& axes) -> record::Case {
    const std::string text =
        axes.listed ? "[" + to_string(axes.a) + ", " + to_string(axes.b) + "]" : std::to_string(axes.count);
    return {"axes = " + text, {a, b}, [=](std::span<const Variable> v) {
              return gradus::tensordot(v[0], v[1], {.axes = axes});
            }};
  };
  return record::cases(
      {.signature = "(a, b, {.axes = 2})",
       .formula = "sums of a b over pairs of axes",
       .gradient = "da = sum(g b), db = sum(a g), over the axes the other has alone",
       .shapes = "[.., k], [k, ..] -> [.., ..]",
       .flops =
           [](const OpSample& sample, const Tensor& y) {
             const double sizes = static_cast<double>(sample.inputs[0].size() * sample.inputs[1].size());
             return 2 * std::sqrt(sizes * static_cast<double>(y.size()));
           }},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({2, n, n}, {n, n, 3}, 2),
                by({2, n}, {n, 3}, 1),
                by({n}, {3}, 0),
                by({2, n}, {2, n}, 2),
                by({2, n, 3}, {3, n, 2}, {{1}, {1}}),
                by({2, n, 3}, {3, n, 2}, {{0, 1}, {2, 1}}),
                by({2, n, 3}, {3, 2, n}, {{1, 0}, {-1, -2}}),
                by({2, n}, {3}, {Axes(), Axes()}),
                by({}, {n}, 0),
                by({2, n, 1, 3}, {3, n}, {{-1}, {0}}),
                by({0, 3}, {3, 2}, 1),
                by({2, 0}, {0, 3}, 1)};
      },
      {{"axis 1 of a and axis 0 of b differ, 3 and 2: a is [2, 3], b is [2, 3]", by({2, 3}, {2, 3}, 1)},
       {"there are no 2 axes to sum over: a is [2, 3], b is [3]", by({2, 3}, {3}, 2)},
       {"cannot sum over -1 axes", by({2, 3}, {3}, -1)},
       {"2 axes of a for 1 of b", by({2, 3}, {3, 2}, {{0, 1}, {0}})},
       {"axis 0 is repeated in [0, -2]: a is [2, 2], b is [2, 2]", by({2, 2}, {2, 2}, {{0, -2}, {0, 1}})},
       {"axis 2 is out of range [-2, 1]: a is [2, 3], b is [3, 2]", by({2, 3}, {3, 2}, {{2}, {0}})}});
}

}  // namespace records

}  // namespace gradus
