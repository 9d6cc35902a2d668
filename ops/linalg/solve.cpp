#include <gradus/graph/apply.h>
#include <gradus/graph/expansion.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/linalg/decompositions.h>
#include <gradus/ops/kernels/linalg/matrices.h>
#include <gradus/ops/kernels/linalg/matrix_records.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

// a [.., n, n] and b [.., n, k] of one batch.
class Solve : public kernels::MatrixOp {
 public:
  std::string_view name() const override { return "solve"; }
  Shape infer_shape(const Call& call) const override { return call.shape(1); }
  void forward(Forward& forward) const override {
    const Shape &shape = forward.shape(0), &b_shape = forward.shape(1);
    const std::int64_t n = shape.back(), k = b_shape.back(), count = kernels::batch_of(shape).elements();
    Tensor factors = Tensor::empty(shape, forward.output_dtype());
    Tensor order = Tensor::empty(kernels::batch_of_vectors(kernels::batch_of(shape), n), DType::int64);
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      for (std::int64_t i = 0; i < count; ++i) {
        T* own = factors.raw<T>() + i * n * n;
        std::int64_t* rows = order.raw<std::int64_t>() + i * n;
        if (!kernels::regular_lu(forward.value(0).raw<T>() + i * n * n, n, own, rows)) {
          throw forward.value_error(kernels::matrix_at(shape, i) + " is singular");
        }
        kernels::solve_by(own, rows, n, kernels::Transpose::no, forward.value(1).raw<T>() + i * n * k, k,
                          forward.output().raw<T>() + i * n * k);
      }
    });
    forward.save(std::move(factors));
    forward.save(std::move(order));
  }
  // db = a^-T g, da = -db x^T
  void vjp(Backward& backward) const override {
    const Variable db = backward.create_graph()
                            ? solve(kernels::matrix_transpose(backward.input(0)), backward.gradient())
                            : Variable(solve_again(backward));
    if (backward.needs(0)) backward.give(0, matmul(negative(db), backward.output(), {.transpose_b = true}));
    if (backward.needs(1)) backward.give(1, db);
  }

 private:
  // a^-T g, by what forward() made of a.
  static Tensor solve_again(const Backward& backward) {
    const Tensor& g = backward.gradient_value();
    const std::int64_t n = g.dim(-2), k = g.dim(-1);
    Tensor db = Tensor::empty(g.shape(), g.dtype());
    dispatch_floating(g.dtype(), [&]<class T>() {
      for (std::int64_t i = 0, count = kernels::batch_of(g.shape()).elements(); i < count; ++i) {
        kernels::solve_by(backward.saved(0).raw<T>() + i * n * n,
                          backward.saved(1).raw<std::int64_t>() + i * n, n, kernels::Transpose::yes,
                          g.raw<T>() + i * n * k, k, db.raw<T>() + i * n * k);
      }
    });
    return db;
  }
};

Variable spread(const Variable& x, const Shape& shape) {
  return x.shape() == shape ? x : broadcast_to(x, shape);
}

}  // namespace

Variable solve(const Operand& a, const Operand& b) {
  const Expansion op({.name = "solve"}, {a, b});
  kernels::require_square(op.call());
  const int b_rank = op.shape(1).rank();
  if (b_rank == 0) throw op.shape_error("b needs rank 1 or more");
  const bool vectors = b_rank == 1 || b_rank == op.shape(0).rank() - 1;
  const Variable right = vectors ? kernels::as_columns(op[1]) : op[1];
  const std::int64_t n = op.shape(0).back();
  if (right.shape().dim(-2) != n) {
    throw op.shape_error("sizes differ, " + std::to_string(n) + " and " +
                         std::to_string(right.shape().dim(-2)));
  }
  const Shape a_batch = kernels::batch_of(op.shape(0)), b_batch = kernels::batch_of(right.shape());
  const BroadcastShape batch = broadcast_shapes(a_batch, b_batch);
  if (!batch.ok) {
    throw op.shape_error("batch sizes " + to_string(a_batch) + " and " + to_string(b_batch) +
                         " do not broadcast");
  }
  const Variable x =
      apply(Solve(), {spread(op[0], kernels::batch_of_matrices(batch.shape, n, n)),
                      spread(right, kernels::batch_of_matrices(batch.shape, n, right.shape().back()))});
  return op.named(vectors ? reshape(x, kernels::batch_of_vectors(batch.shape, n).dims()) : x);
}

namespace records {

OpInfo solve() {
  const auto by = [](const Shape& a, const Shape& b,
                     const record::Draw& draw = record::regular_matrices()) -> record::Case {
    return {"", {a, b}, [](std::span<const Variable> v) { return gradus::solve(v[0], v[1]); }, {draw}};
  };
  return record::cases(
      {.signature = "(a, b)",
       .formula = "x = a^-1 b",
       .gradient = "db = a^-T g, da = -db x^T",
       .shapes = "[.., n, n], [.., n, k] -> [.., n, k]; [.., n, n], [.., n] -> [.., n]",
       .flops =
           [](const OpSample& sample, const Tensor& x) {
             const double n = static_cast<double>(sample.inputs[0].shape().back());
             return n * static_cast<double>(sample.inputs[0].size()) * 2 / 3 +
                    2 * n * static_cast<double>(x.size());
           }},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({n, n}, {n, n}),
                by({n, n}, {n}),
                by({n, n}, {n, 1}),
                by({2, 2}, {2}, record::constant({{0, 2}, {1, 3}})),
                by({2, n, n}, {2, n}),
                by({2, n, n}, {2, n, 3}),
                by({2, 1, 3, 3}, {1, n, 3, 2}),
                by({3, 3}, {2, 3, 2}),
                by({2, 3, 3}, {3}),
                by({2, n, n}, {1, n}),
                by({0, 3, 3}, {1, 3, 2}),
                by({2, 2}, {2, 0}),
                by({0, 0}, {0, 2})};
      },
      {{"a must be square in its last two axes: a is [2, 3], b is [2]", by({2, 3}, {2})},
       {"a needs rank 2 or more: a is [2], b is [2]", by({2}, {2}, record::ones())},
       {"b needs rank 1 or more: a is [2, 2], b is []", by({2, 2}, {})},
       {"sizes differ, 2 and 3: a is [2, 2], b is [3]", by({2, 2}, {3})},
       {"batch sizes [2] and [3] do not broadcast: a is [2, 2, 2], b is [3, 2, 1]", by({2, 2, 2}, {3, 2, 1})},
       {"the matrix is singular", by({2, 2}, {2}, record::constant({{1, 2}, {2, 4}}))},
       {"the matrix at [1] is singular", by({2, 1, 1}, {1}, record::constant({{{1}}, {{0}}}))}});
}

}  // namespace records

}  // namespace gradus
