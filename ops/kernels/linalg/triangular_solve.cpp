#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/linalg/matrices.h>
#include <gradus/ops/kernels/linalg/triangular.h>
#include <gradus/ops/kernels/linalg/triangular_solve.h>
#include <gradus/ops/linalg.h>

#include <algorithm>

namespace gradus::kernels {

namespace {

class TriangularSolve : public Op {
 public:
  explicit TriangularSolve(TriangularOptions options) : options_(options) {}
  std::string_view name() const override { return "triangular_solve"; }
  OpAttributes attributes() const override {
    OpAttributes result = {{"triangle", options_.upper ? "upper" : "lower"}};
    if (options_.transposed) result.push_back({"transposed", "true"});
    if (right()) result.push_back({"beside", "right"});
    return result;
  }
  Shape infer_shape(const Call& call) const override { return call.shape(1); }

  void forward(Forward& forward) const override {
    const Tensor &a = forward.value(0), &b = forward.value(1);
    Tensor& x = forward.output();
    const std::int64_t n = a.dim(-1), rows = b.dim(-2), columns = b.dim(-1), size = rows * columns;
    dispatch_floating(x.dtype(), [&]<class T>() {
      std::copy_n(b.raw<T>(), b.size(), x.raw<T>());
      for (std::int64_t i = 0; i * size < x.size(); ++i) {
        const Triangular<T> triangle = {.data = a.raw<T>() + i * n * n,
                                        .step = n,
                                        .size = n,
                                        .upper = options_.upper,
                                        .transposed = options_.transposed};
        for (std::int64_t k = 0; k < n; ++k) {
          if (triangle.data[k * (n + 1)] != 0) continue;
          throw forward.value_error(matrix_at(a.shape(), i) + " is singular");
        }
        T* own = x.raw<T>() + i * size;
        right() ? solve_right(triangle, own, columns, rows) : solve_left(triangle, own, columns, columns);
      }
    });
  }

  // For a x = b: db = a^-T g, da = -db x^T; for x a = b: db = g a^-T, da = -x^T db. Of da what belongs to the
  // triangle, and transposed where a is.
  void vjp(Backward& backward) const override {
    TriangularOptions turned = options_;
    turned.transposed = !options_.transposed;
    const Variable x = backward.output();
    const Variable db = triangular_solve(backward.input(0), backward.gradient(), turned);
    if (backward.needs(0)) {
      const bool swapped = right() != options_.transposed;
      const Variable product = swapped ? matmul(x, db, {.transpose_a = right(), .transpose_b = !right()})
                                       : matmul(db, x, {.transpose_a = right(), .transpose_b = !right()});
      backward.give(0, negative(options_.upper ? triu(product) : tril(product)));
    }
    if (backward.needs(1)) backward.give(1, db);
  }

 private:
  bool right() const { return options_.beside == Beside::right; }

  TriangularOptions options_;
};

}  // namespace

Variable triangular_solve(const Variable& a, const Variable& b, TriangularOptions options) {
  return apply(TriangularSolve(options), {a, b});
}

}  // namespace gradus::kernels
