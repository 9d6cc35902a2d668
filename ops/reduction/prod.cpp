#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/reduction/prod_gradient.h>
#include <gradus/ops/kernels/reduction/reduce_op.h>
#include <gradus/ops/kernels/reduction/scan.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

using kernels::Direction;

// Along axis 1, the product of all values before each one.
Variable product_before(const Variable& x) {
  return kernels::shifted(cumprod(x, {.axis = 1}), 1, Direction::onward, 1);
}

class Prod : public kernels::ReduceOp {
 public:
  using ReduceOp::ReduceOp;
  std::string_view name() const override { return "prod"; }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  DType infer_dtype(const Call& call) const override {
    return call.dtype(0) == DType::boolean ? DType::int64 : call.dtype(0);
  }

  void forward(Forward& forward) const override {
    kernels::prod_into(forward.value(0), kept_shape(forward), forward.output());
  }

  // Each value's factor is the product of all others: of those before it and those behind it, since a
  // division by the value itself fails at 0.
  void vjp(Backward& b) const override {
    const Variable x = b.input(0);
    const Shape kept_shape = this->kept_shape(b);
    if (!b.create_graph()) {
      const Tensor g = kept(b, b.gradient()).value();
      if (std::optional<Tensor> dx = kernels::prod_gradient(x.value(), kept_shape, g)) {
        return b.give(0, *std::move(dx));
      }
    }
    Axes axes = options_.axis, last = axes;
    for (std::size_t i = 0; i < axes.size(); ++i) {
      last[i] = static_cast<std::int64_t>(i) - static_cast<std::int64_t>(axes.size());
    }
    const Variable moved = axes.empty() ? x : moveaxis(x, axes, last);
    const std::int64_t rows = kept_shape.elements();
    const Variable flat =
        reshape(moved, {rows, static_cast<std::int64_t>(group_size(b.shape(0), kept_shape))});
    const Variable behind = flip(product_before(flip(flat, {.axis = 1})), {.axis = 1});
    const Variable others = reshape(multiply(product_before(flat), behind), moved.shape().dims());
    b.give(0, multiply(kept(b, b.gradient()), axes.empty() ? others : moveaxis(others, last, axes)));
  }
};

}  // namespace

Variable prod(const Operand& x, ReduceOptions options) { return apply(Prod(std::move(options)), {x}); }

namespace records {

OpInfo prod() {
  const auto of = [](const Tensor& x, const Axes& axis) -> record::Case {
    return {"axis = " + to_string(axis),
            {x.shape()},
            [=](std::span<const Variable> v) { return gradus::prod(v[0], {.axis = axis}); },
            {record::constant(x)}};
  };
  const Tensor zeros{{0, 2, 3}, {1.5, 0, 0.5}, {0, 0, 1}, {2, 0.5, 3}};
  return record::with_cases(record::reduction(gradus::prod,
                                              {.formula = "y = x1 x2 ..",
                                               .gradient = "g times the product of the other values",
                                               .flops = record::per_input(1)},
                                              record::uniform(), {.takes_booleans = true}),
                            [=](std::int64_t /*n*/) -> std::vector<record::Case> {
                              return {of(zeros, 1), of(zeros, 0), of(zeros.reshape({2, 2, 3}), {2, 0})};
                            });
}

}  // namespace records

}  // namespace gradus
