#include <gradus/graph/apply.h>
#include <gradus/graph/expansion.h>
#include <gradus/graph/parallel.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus {

namespace {

// y[i p + k, j q + l] = a[i, j] b[k, l], of operands of one rank, 1 or more.
class Kron : public Op {
 public:
  std::string_view name() const override { return "kron"; }
  Shape infer_shape(const Call& call) const override {
    Dims dims = call.shape(0).dims();
    for (std::size_t i = 0; i < dims.size(); ++i) dims[i] *= call.shape(1)[i];
    return Shape(std::move(dims));
  }

  void forward(Forward& forward) const override {
    const Tensor &a = forward.value(0), &b = forward.value(1);
    Tensor& y = forward.output();
    if (y.size() == 0) return;
    const std::int64_t n = a.shape().back(), q = b.shape().back();
    constexpr std::int64_t kPiece = std::int64_t{1} << 16;
    dispatch_numeric(y.dtype(), [&]<class T>() {
      const T *left = a.raw<T>(), *right = b.raw<T>();
      T* to = y.raw<T>();
      parallel_for(y.size() / (n * q), std::max<std::int64_t>(1, kPiece / (n * q)),
                   [&](std::int64_t begin, std::int64_t end) {
                     for (std::int64_t row = begin; row < end; ++row) {
                       const auto [i, k] = rows_of(row, a.shape(), b.shape());
                       scale(left + i * n, n, right + k * q, q, to + row * n * q);
                     }
                   });
    });
  }

  // da_ij = sum(g_ij b), db = sum_ij a_ij g_ij, by blocks g_ij
  void vjp(Backward& backward) const override {
    const Shape &a = backward.shape(0), &b = backward.shape(1);
    if (backward.create_graph() || backward.gradient_value().size() == 0) return by_ops(backward);
    const std::int64_t n = a.back(), q = b.back();
    Tensor da = Tensor::empty(a, backward.gradient_value().dtype()), db = Tensor::empty(b, da.dtype());
    dispatch_floating(da.dtype(), [&]<class T>() {
      const Variable left = backward.input(0), right = backward.input(1);
      const T* g = backward.gradient_value().raw<T>();
      PoolVector<double> sums(static_cast<std::size_t>(da.size() + db.size()), 0);
      PoolVector<T> row_sum(static_cast<std::size_t>(q));
      const std::int64_t rows = a.elements() / n * (b.elements() / q);
      for (std::int64_t row = 0; row < rows; ++row, g += n * q) {
        const auto [i, k] = rows_of(row, a, b);
        const T *a_row = left.value().raw<T>() + i * n, *b_row = right.value().raw<T>() + k * q;
        double* da_row = sums.data() + i * n;
        std::fill(row_sum.begin(), row_sum.end(), T(0));
        for (std::int64_t j = 0; j < n; ++j) {
          da_row[j] += static_cast<double>(dot_and_add(g + j * q, b_row, a_row[j], row_sum.data(), q));
        }
        double* db_row = sums.data() + da.size() + k * q;
        for (std::int64_t l = 0; l < q; ++l)
          db_row[l] += static_cast<double>(row_sum[static_cast<std::size_t>(l)]);
      }
      const auto narrow = [](double x) { return static_cast<T>(x); };
      const double* sum = sums.data();
      std::transform(sum, sum + da.size(), da.raw<T>(), narrow);
      std::transform(sum + da.size(), sum + da.size() + db.size(), db.raw<T>(), narrow);
    });
    if (backward.needs(0)) backward.give(0, std::move(da));
    if (backward.needs(1)) backward.give(1, std::move(db));
  }

 private:
  struct Rows {
    std::int64_t a, b;
  };
  // Which rows of a and b make a row of the result.
  static Rows rows_of(std::int64_t row, const Shape& a, const Shape& b) {
    Rows result = {0, 0};
    std::int64_t a_step = 1, b_step = 1;
    for (std::size_t axis = a.dims().size() - 1; axis-- > 0;) {
      result.b += row % b[axis] * b_step;
      row /= b[axis];
      result.a += row % a[axis] * a_step;
      row /= a[axis];
      a_step *= a[axis];
      b_step *= b[axis];
    }
    return result;
  }

  template <class T>
  static void scale(const T* a, std::int64_t n, const T* b, std::int64_t q, T* to) {
    for (std::int64_t j = 0; j < n; ++j, to += q) {
      for (std::int64_t l = 0; l < q; ++l) to[l] = a[j] * b[l];
    }
  }

  // Adds factor g to `sum`, and returns the sum of g b, in eight parts that vectors can be made of.
  template <class T>
  static T dot_and_add(const T* g, const T* b, T factor, T* sum, std::int64_t count) {
    constexpr std::int64_t kParts = 8;
    T parts[kParts] = {};
    std::int64_t l = 0;
    for (; l + kParts <= count; l += kParts) {
      for (std::int64_t p = 0; p < kParts; ++p) {
        parts[p] += g[l + p] * b[l + p];
        sum[l + p] += factor * g[l + p];
      }
    }
    for (; l < count; ++l) {
      parts[0] += g[l] * b[l];
      sum[l] += factor * g[l];
    }
    return ((parts[0] + parts[4]) + (parts[2] + parts[6])) + ((parts[1] + parts[5]) + (parts[3] + parts[7]));
  }

  // With a as [m, 1, n, 1], b as [1, p, 1, q] and g as [m, p, n, q].
  static void by_ops(Backward& backward) {
    const Dims &a = backward.shape(0).dims(), &b = backward.shape(1).dims();
    Dims a_dims(2 * a.size(), 1), b_dims = a_dims, dims = a_dims;
    Axes a_axes(a.size(), 0), b_axes = a_axes;
    for (std::size_t i = 0; i < a.size(); ++i) {
      dims[2 * i] = a_dims[2 * i] = a[i];
      dims[2 * i + 1] = b_dims[2 * i + 1] = b[i];
      a_axes[i] = static_cast<std::int64_t>(2 * i);
      b_axes[i] = a_axes[i] + 1;
    }
    const Variable g = reshape(backward.gradient(), dims);
    const auto give = [&](std::size_t i, const Dims& other, const Axes& summed) {
      if (!backward.needs(i)) return;
      const Variable factor = reshape(backward.input(1 - i), other);
      backward.give(i, reshape(sum(multiply(g, factor), {.axis = summed}), backward.shape(i).dims()));
    };
    give(0, b_dims, b_axes);
    give(1, a_dims, a_axes);
  }
};

}  // namespace

Variable kron(const Operand& a, const Operand& b) {
  const Expansion op({.name = "kron", .takes = Takes::numbers}, {a, b});
  const Dims &left = op.shape(0).dims(), &right = op.shape(1).dims();
  const std::size_t rank = std::max(left.size(), right.size());
  Dims a_dims(rank, 1), b_dims(rank, 1), dims(rank, 1);  // led by ones
  for (std::size_t i = 0; i < left.size(); ++i) a_dims[rank - left.size() + i] = left[i];
  for (std::size_t i = 0; i < right.size(); ++i) b_dims[rank - right.size() + i] = right[i];
  for (std::size_t i = 0; i < rank; ++i) {
    if (__builtin_mul_overflow(a_dims[i], b_dims[i], &dims[i])) throw op.shape_error("the extents overflow");
  }
  // Rows are to be long: the last axis is not one of extent 1 in both.
  std::size_t used = rank;
  while (used > 0 && dims[used - 1] == 1) --used;
  const auto cut = [used](const Dims& all) {
    return used == 0 ? Dims{1} : Dims(std::span(all.begin(), used));
  };
  return op.named(reshape(apply(Kron(), {reshape(op[0], cut(a_dims)), reshape(op[1], cut(b_dims))}), dims));
}

namespace records {

OpInfo kron() {
  const auto by = [](const Shape& a, const Shape& b) -> record::Case {
    return {"", {a, b}, [](std::span<const Variable> v) { return gradus::kron(v[0], v[1]); }};
  };
  record::Case mixed = by({2}, {2}), flags = by({2}, {2});
  mixed.draws = {record::ones(), record::ones(DType::float64)};
  flags.draws = {record::ones(DType::boolean), record::ones()};
  constexpr std::int64_t kHuge = std::int64_t{1} << 40;
  return record::cases({.signature = "(a, b)",
                        .formula = "blocks a_ij b",
                        .gradient = "da_ij = sum(g_ij b), db = sum_ij a_ij g_ij, by blocks g_ij",
                        .shapes = "[m, n], [p, q] -> [m p, n q]; other ranks alike, led by ones"},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {by({n, n}, {2, 2}), by({n}, {3}),      by({2, n}, {n, 3}),
                                 by({n}, {2, 3}),    by({2, 3}, {n}),   by({}, {n}),
                                 by({n, 1}, {}),     by({}, {}),        by({2, 1, n}, {2, 2, 1}),
                                 by({0, 3}, {2}),    by({2, 3}, {1, 0})};
                       },
                       {{"the operands' dtypes differ: a is float32, b is float64", mixed},
                        {"does not take booleans: a is boolean, b is float32", flags},
                        {"the extents overflow: a is [1099511627776, 0], b is [1099511627776, 0]",
                         by({kHuge, 0}, {kHuge, 0})}});
}

}  // namespace records

}  // namespace gradus
