#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/kernels/elementwise/broadcast.h>
#include <gradus/ops/kernels/elementwise/unbroadcast.h>
#include <gradus/ops/kernels/linalg/product.h>
#include <gradus/ops/kernels/linalg/product_gradient.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <cstring>

namespace gradus {

namespace {

// A matmul in full: vectors made matrices, batches separated from the matrices' own sizes.
struct Sizes {
  std::int64_t m = 1, k = 1, n = 1;
  std::int64_t b_k = 1;
  Shape a_batch, b_batch;
};

Shape batch_of(const Shape& shape) {
  const auto rank = static_cast<std::size_t>(shape.rank());
  return rank <= 2 ? Shape() : Shape(Dims(std::span(shape.begin(), rank - 2)));
}

Sizes sizes_of(const Shape& a, const Shape& b, MatmulOptions options) {
  Sizes sizes;
  sizes.k = a.rank() == 1 ? a[0] : a.dim(options.transpose_a ? -2 : -1);
  if (a.rank() > 1) sizes.m = a.dim(options.transpose_a ? -1 : -2);
  sizes.b_k = b.rank() == 1 ? b[0] : b.dim(options.transpose_b ? -1 : -2);
  if (b.rank() > 1) sizes.n = b.dim(options.transpose_b ? -2 : -1);
  sizes.a_batch = batch_of(a);
  sizes.b_batch = batch_of(b);
  return sizes;
}

Shape joined(const Shape& batch, std::initializer_list<std::int64_t> tail) {
  Dims dims(batch.dims().size() + tail.size(), 0);
  std::copy(tail.begin(), tail.end(), std::copy(batch.begin(), batch.end(), dims.begin()));
  return Shape(std::move(dims));
}

class Matmul : public Op {
 public:
  explicit Matmul(MatmulOptions options) : options_(options) {}
  std::string_view name() const override { return "matmul"; }
  OpAttributes attributes() const override {
    OpAttributes result;
    if (options_.transpose_a) result.push_back({"transpose_a", "true"});
    if (options_.transpose_b) result.push_back({"transpose_b", "true"});
    return result;
  }

  Shape infer_shape(const Call& call) const override {
    const Shape &a = call.shape(0), &b = call.shape(1);
    if (a.rank() == 0 || b.rank() == 0) throw call.shape_error("needs rank 1 or more");
    if ((a.rank() == 1 && options_.transpose_a) || (b.rank() == 1 && options_.transpose_b)) {
      throw call.shape_error("a vector cannot be transposed");
    }
    const Sizes sizes = sizes_of(a, b, options_);
    if (sizes.k != sizes.b_k) {
      throw call.shape_error("inner sizes differ, " + std::to_string(sizes.k) + " and " +
                             std::to_string(sizes.b_k));
    }
    const BroadcastShape batch = broadcast_shapes(sizes.a_batch, sizes.b_batch);
    if (!batch.ok) {
      throw call.shape_error("batch sizes " + to_string(sizes.a_batch) + " and " + to_string(sizes.b_batch) +
                             " do not broadcast");
    }
    if (a.rank() == 1 && b.rank() == 1) return {};
    if (a.rank() == 1) return joined(batch.shape, {sizes.n});
    if (b.rank() == 1) return joined(batch.shape, {sizes.m});
    return joined(batch.shape, {sizes.m, sizes.n});
  }

  void forward(Forward& forward) const override {
    const Tensor &a = forward.value(0), &b = forward.value(1);
    const Sizes sizes = sizes_of(a.shape(), b.shape(), options_);
    Tensor& out = forward.output();
    const std::size_t item = item_size(out.dtype());
    // A batch of matrices times one matrix is one product of all their rows.
    const bool fold = b.rank() <= 2 && a.rank() > 2 && !options_.transpose_a;
    const Shape batch = fold ? Shape() : broadcast_shapes(sizes.a_batch, sizes.b_batch).shape;
    const std::int64_t m = fold ? sizes.m * sizes.a_batch.elements() : sizes.m;
    const auto multiply = [&](std::int64_t at, std::int64_t in_a, std::int64_t in_b) {
      const auto offset = [&](std::int64_t matrices, std::int64_t elements) {
        return static_cast<std::size_t>(matrices * elements) * item;
      };
      kernels::product(out.dtype(),
                       {a.buffer()->data() + offset(in_a, sizes.m * sizes.k), options_.transpose_a},
                       {b.buffer()->data() + offset(in_b, sizes.k * sizes.n), options_.transpose_b},
                       out.buffer()->data() + offset(at, sizes.m * sizes.n), m, sizes.k, sizes.n);
    };
    if (batch.rank() == 0) return multiply(0, 0, 0);
    const Shape one;
    const std::array<const Shape*, 2> batches = {fold ? &one : &sizes.a_batch, &sizes.b_batch};
    const kernels::BroadcastPlan plan(batch, batches);
    plan.each_run([&](std::int64_t at, const std::array<std::int64_t, 3>& offsets) {
      for (std::int64_t i = 0; i < plan.run(); ++i) {
        multiply(at + i, offsets[0] + (plan.repeats(0) ? 0 : i), offsets[1] + (plan.repeats(1) ? 0 : i));
      }
    });
  }

  // For y = a b: da = g bᵀ, db = aᵀ g; a transposed operand takes the transposed gradient.
  void vjp(Backward& backward) const override {
    const Shape &a_shape = backward.shape(0), &b_shape = backward.shape(1);
    const Sizes sizes = sizes_of(a_shape, b_shape, options_);
    const bool one_product =
        sizes.b_batch.rank() == 0 && (sizes.a_batch.rank() == 0 || !options_.transpose_a);
    if (one_product && !backward.create_graph()) return give_products(backward, sizes);
    const Shape batch = broadcast_shapes(sizes.a_batch, sizes.b_batch).shape;
    const Variable g = shaped(backward.gradient(), joined(batch, {sizes.m, sizes.n}));
    if (backward.needs(0)) {
      const Variable b = b_shape.rank() == 1 ? shaped(backward.input(1), {sizes.k, 1}) : backward.input(1);
      const Variable da = options_.transpose_a
                              ? matmul(b, g, {.transpose_a = options_.transpose_b, .transpose_b = true})
                              : matmul(g, b, {.transpose_b = !options_.transpose_b});
      backward.give(0, shaped(unbroadcast(da, a_shape.rank() == 1 ? Shape{1, sizes.k} : a_shape), a_shape));
    }
    if (backward.needs(1)) {
      Variable a = a_shape.rank() == 1 ? shaped(backward.input(0), {1, sizes.k}) : backward.input(0);
      Variable rows = g;
      if (b_shape.rank() <= 2 && a.rank() > 2 && !options_.transpose_a) {  // one product sums over the batch
        a = shaped(a, {sizes.a_batch.elements() * sizes.m, sizes.k});
        rows = shaped(g, {sizes.a_batch.elements() * sizes.m, sizes.n});
      }
      const Variable db = options_.transpose_b
                              ? matmul(rows, a, {.transpose_a = true, .transpose_b = options_.transpose_a})
                              : matmul(a, rows, {.transpose_a = !options_.transpose_a});
      backward.give(1, shaped(unbroadcast(db, b_shape.rank() == 1 ? Shape{sizes.k, 1} : b_shape), b_shape));
    }
  }

 private:
  // Where all rows of a, whatever their batch, meet one b.
  void give_products(Backward& backward, const Sizes& sizes) const {
    const auto [transpose_a, transpose_b] = options_;
    const std::int64_t m = sizes.m * sizes.a_batch.elements(), k = sizes.k, n = sizes.n;
    const Tensor& g = backward.gradient_value();
    kernels::GradientProducts products(backward);
    if (backward.needs(0)) {
      const Tensor& b = backward.input_value(1);
      if (transpose_a) {
        products.give(0, {b, transpose_b}, {g, true}, k, n, m);
      } else {
        products.give(0, {g}, {b, !transpose_b}, m, n, k);
      }
    }
    if (backward.needs(1)) {
      const Tensor& a = backward.input_value(0);
      if (transpose_b) {
        products.give(1, {g, true}, {a, transpose_a}, n, m, k);
      } else {
        products.give(1, {a, !transpose_a}, {g}, k, m, n);
      }
    }
    products.compute();
  }
  static Variable shaped(const Variable& x, const Shape& shape) {
    return x.shape() == shape ? x : reshape(x, shape.dims());
  }
  MatmulOptions options_;
};

}  // namespace

Variable matmul(const Operand& a, const Operand& b, MatmulOptions options) {
  return apply(Matmul(options), {a, b});
}

namespace records {

OpInfo matmul() {
  const auto by = [](const Shape& a, const Shape& b, MatmulOptions options = {}) -> record::Case {
    std::string arguments = options.transpose_a ? "transpose_a = true" : "";
    if (options.transpose_b) arguments += arguments.empty() ? "transpose_b = true" : ", transpose_b = true";
    return {std::move(arguments), {a, b}, [=](std::span<const Variable> x) {
              return gradus::matmul(x[0], x[1], options);
            }};
  };
  record::Case mixed = by({2, 2}, {2, 2});
  mixed.draws = {record::ones(), record::ones(DType::float64)};
  return record::cases(
      {.signature = "(a, b, {.transpose_a, .transpose_b})",
       .formula = "y = a b",
       .gradient = "da = g b^T, db = a^T g",
       .shapes = "[.., m, k], [.., k, n] -> [.., m, n]; a vector is a row on the left, a column on the right",
       .flops =
           [](const OpSample& sample, const Tensor& y) {
             const Shape& a = sample.inputs[0].shape();
             return 2 * static_cast<double>(a.back()) * static_cast<double>(y.size());
           }},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({n, n}, {n, n}),
                by({2, n}, {n, 3}),
                by({n, 2}, {n, 3}, {.transpose_a = true}),
                by({2, n}, {3, n}, {.transpose_b = true}),
                by({n, 2}, {3, n}, {.transpose_a = true, .transpose_b = true}),
                by({n}, {n}),
                by({n}, {n, 2}),
                by({2, n}, {n}),
                by({3, 2, n}, {n, 2}),
                by({3, 2, n}, {3, n, 2}),
                by({2, 1, 2, n}, {3, n, 2}),
                by({2, n, 2}, {2, 3, n}, {.transpose_a = true, .transpose_b = true}),
                by({2, 3, n}, {n}),
                by({n}, {2, n, 3}),
                by({0, n}, {n, 2}),
                by({2, 0}, {0, 3})};
      },
      {{"inner sizes differ, 3 and 2: a is [2, 3], b is [2, 3]", by({2, 3}, {2, 3})},
       {"needs rank 1 or more: a is [], b is [2]", by({}, {2})},
       {"batch sizes [2] and [3] do not broadcast: a is [2, 2, 3], b is [3, 3, 2]", by({2, 2, 3}, {3, 3, 2})},
       {"a vector cannot be transposed: a is [3], b is [3]", by({3}, {3}, {.transpose_a = true})},
       {"the operands' dtypes differ: a is float32, b is float64", mixed}});
}

}  // namespace records

}  // namespace gradus
