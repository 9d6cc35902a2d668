#include <gradus/graph/apply.h>
#include <gradus/graph/backward_through.h>
#include <gradus/graph/parallel.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/lanes.h>
#include <gradus/ops/kernels/nn/normalization_op.h>
#include <gradus/ops/kernels/nn/normalize.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/records.h>
#include <gradus/ops/reduction.h>

#include <algorithm>
#include <cmath>

namespace gradus {

namespace {

Variable composed(const Variable& x, const Axes& axes, double epsilon) {
  const Variable squares = sum(square(x), {.axis = axes, .keepdims = true});
  const Variable factor = divide(1, sqrt(maximum(squares, epsilon)));
  // A vector of zeros has no direction: neither a value nor a gradient of 1e6 comes of it.
  return multiply(x, where(equal(squares, 0), 0, factor));
}

// Rows of `width` values in one go.
class NormalizeRows : public Op {
 public:
  NormalizeRows(std::int64_t width, const Axes& axes, double epsilon)
      : width_(width), axes_(axes), epsilon_(epsilon) {}
  std::string_view name() const override { return "l2_normalize"; }
  Shape infer_shape(const Call& call) const override { return call.shape(0); }
  void forward(Forward& forward) const override {
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      const T* x = forward.value(0).raw<T>();
      T* y = forward.output().raw<T>();
      each_row(forward.value(0), [&](std::int64_t at) {
        const Lanes<T> row(x + at, width_);
        MutableLanes<T>(y + at, width_) = row * factor(squares(row));
      });
    });
  }
  void vjp(Backward& b) const override {
    if (b.create_graph()) {
      backward_through(b, [this](const Variable& x) { return composed(x, axes_, epsilon_); });
      return;
    }
    dispatch_floating(b.gradient_value().dtype(), [&]<class T>() {
      const Variable input = b.input(0);
      const T *x = input.value().raw<T>(), *g = b.gradient_value().raw<T>();
      Tensor dx = Tensor::empty(b.shape(0), dtype_of<T>());
      each_row(input.value(), [&](std::int64_t at) {
        const Lanes<T> row(x + at, width_), own(g + at, width_);
        const T length = squares(row), by = factor(length), end = static_cast<T>(epsilon_);
        // Where the sum of squares is below epsilon, it is not what x is divided by.
        const T share = length > end ? T(1) : length == end ? T(0.5) : T(0);
        const T along = share == T(0) || length == T(0) ? T(0) : share * by * by * (own * row).sum();
        MutableLanes<T>(dx.raw<T>() + at, width_) = (own - row * along) * by;
      });
      b.give(0, std::move(dx));
    });
  }

 private:
  template <class Body>
  void each_row(const Tensor& x, const Body& body) const {
    const std::int64_t rows = x.size() / width_;
    parallel_for(rows, std::max<std::int64_t>((std::int64_t{1} << 15) / width_, 1),
                 [&](std::int64_t begin, std::int64_t end) {
                   for (std::int64_t row = begin; row < end; ++row) body(row * width_);
                 });
  }
  template <class T>
  T squares(const Lanes<T>& row) const {
    return row.square().sum();
  }
  template <class T>
  T factor(T squares) const {
    return squares == T(0) ? T(0) : 1 / std::sqrt(std::max(squares, static_cast<T>(epsilon_)));
  }

  std::int64_t width_;
  Axes axes_;
  double epsilon_;
};

}  // namespace

Variable l2_normalize(const Operand& x, L2NormalizeOptions options) {
  const Expansion op({.name = "l2_normalize"}, {x});
  const Dims axes = kernels::normalized_axes(op.call(), options.axis);
  kernels::check_epsilon(op.call(), options.epsilon);
  const kernels::Groups rows = kernels::trailing_groups(op.shape(0), axes);
  const Axes over(std::span(axes.begin(), axes.end()));
  // A sum in one piece is exact enough for rows of some length.
  constexpr std::int64_t kMost = 1 << 16;
  if (rows.width == 0 || rows.width > kMost || op.shape(0).elements() == 0) {
    return op.named(composed(op[0], over, options.epsilon));
  }
  return apply(NormalizeRows(rows.width, over, options.epsilon), {op[0]});
}

namespace records {

OpInfo l2_normalize() {
  const auto by = [](const Shape& x, const L2NormalizeOptions& options = {}) -> record::Case {
    std::string arguments = "axis = " + to_string(options.axis);
    if (options.epsilon != 1e-12) arguments += ", epsilon = " + std::to_string(options.epsilon);
    return {std::move(arguments),
            {x},
            [=](std::span<const Variable> v) { return gradus::l2_normalize(v[0], options); },
            {record::away_from_zero()}};
  };
  record::Case zeros = by({2, 3});
  zeros.draws = {record::constant({{0, 0, 0}, {1e4, -1e4, 0}})};
  zeros.extreme = true;
  return record::cases(
      {.signature = "(x, {.axis, .epsilon})",
       .formula = "y = x / sqrt(max(sum(x^2), epsilon))",
       .gradient = "(g - y sum(g y)) / sqrt(sum(x^2)); g / sqrt(epsilon) where the sum is below epsilon",
       .shapes = "any of rank 1 or more -> same",
       .kinks = "a vector of zeros: its gradient is 0; sum(x^2) = epsilon: half of each side's",
       .flops = record::per_input(4)},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({n, n}),
                by({n}),
                by({2, n, 3}, {.axis = 1}),
                by({2, n, 3}, {.axis = {1, -1}}),
                by({2, 1, n, 2}, {.axis = 0}),
                by({3, n}, {.axis = {}}),
                by({2, 3}, {.axis = -1, .epsilon = 100}),
                by({0, 3}),
                by({2, 0}),
                zeros};
      },
      {{"axis -1 of a scalar: x is []", by({})},
       {"axis 2 is out of range [-2, 1]: x is [2, 3]", by({2, 3}, {.axis = 2})},
       {"epsilon must be 0 or more, got -1.0", by({2, 3}, {.epsilon = -1})}});
}

}  // namespace records

}  // namespace gradus
