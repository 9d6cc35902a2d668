#include <gradus/graph/expansion.h>
#include <gradus/graph/number_text.h>
#include <gradus/graph/recording.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/reduction/reduce_op.h>
#include <gradus/ops/kernels/reduction/spread.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus {

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

// Whether squares of T have kept their digits: their sum has not overflowed, nor is so small that parts of it
// have vanished.
template <class T>
bool within_range(double sum) {
  return sum >= (sizeof(T) == 4 ? 0x1p-80 : 0x1p-900) &&
         sum <= static_cast<double>(std::numeric_limits<T>::max());
}

// For each group a power of two near its largest magnitude: divided by it the values neither overflow nor
// vanish when squared, and keep all their digits.
Tensor scales(const Tensor& x, const Axes& axis) {
  const NoGrad constant;
  Tensor scale = max(abs(x), {.axis = axis, .keepdims = true}).value();
  dispatch_floating(scale.dtype(), [&]<class T>() {
    std::ranges::transform(scale.values<T>(), scale.raw<T>(), [](T largest) {
      return largest > 0 && std::isfinite(largest) ? std::ldexp(T(1), std::ilogb(largest)) : T(1);
    });
  });
  return scale;
}

struct Squared {
  static constexpr bool kUniform = true;
  auto one(auto x, std::int64_t /*o*/) const { return x.square(); }
  auto each(auto x, std::int64_t /*o*/) const { return x.square(); }
};
template <class T>
struct ScaledSquare {
  static constexpr bool kUniform = false;
  auto one(const Lanes<T>& x, std::int64_t o) const { return (x / scale[o]).square(); }
  auto each(const Lanes<T>& x, std::int64_t o) const { return (x / Lanes<T>(scale + o, x.size())).square(); }
  const T* scale;
};

// sqrt(sum(x^2)), with the gradient 0 where it is 0.
class EuclideanNorm : public kernels::ReduceOp {
 public:
  using ReduceOp::ReduceOp;
  std::string_view name() const override { return "norm"; }

  void forward(Forward& forward) const override {
    const Tensor& x = forward.value(0);
    const Shape kept = kept_shape(forward);
    dispatch_floating(x.dtype(), [&]<class T>() {
      T* y = forward.output().raw<T>();
      bool kept_digits = true;
      kernels::reduce<T>(kernels::SumOf<T, Squared>{}, x, kept, [&](std::int64_t o, double sum) {
        kept_digits = kept_digits && within_range<T>(sum);
        y[o] = static_cast<T>(std::sqrt(sum));
      });
      if (kept_digits || x.size() == 0) return;
      const Tensor scale = scales(x, options_.axis);
      const T* by = scale.raw<T>();
      kernels::reduce<T>(kernels::SumOf<T, ScaledSquare<T>>{{by}}, x, kept, [&](std::int64_t o, double sum) {
        y[o] = static_cast<T>(std::sqrt(sum) * static_cast<double>(by[o]));
      });
    });
  }

  void vjp(Backward& b) const override {
    const Variable x = b.input(0), y = kept(b, b.output());
    if (b.create_graph()) {
      const Variable zero = equal(y, 0), direction = divide(x, where(zero, 1, y));
      return b.give(0, multiply(kept(b, b.gradient()), where(zero, 0, direction)));
    }
    Tensor dx = Tensor::empty(x.shape(), x.dtype()), length = y.value();
    dispatch_floating(x.dtype(), [&]<class T>() {
      if (std::ranges::count(length.values<T>(), T(0)) != 0) {  // x is 0 as well: any other length will do
        length = length.clone();
        std::replace(length.raw<T>(), length.raw<T>() + length.size(), T(0), T(1));
      }
      kernels::spread_rule<T>(
          x.value(), y.shape(), dx,
          [](const auto& values, const auto& from, const auto& g) { return values / from * g; },
          length.raw<T>(), b.gradient_value().raw<T>());
    });
    b.give(0, std::move(dx));
  }
};

}  // namespace

Variable norm(const Operand& x, NormOptions options) {
  const Expansion op({.name = "norm"}, {x});
  const Shape kept = kernels::ReduceOp::kept_shape(op.call(), options.axis);
  const double group_size = kernels::ReduceOp::group_size(op.shape(0), kept);
  const ReduceOptions over = {.axis = options.axis, .keepdims = options.keepdims};
  if (options.ord == 1) return op.named(sum(abs(op[0]), over));
  if (options.ord == 2) return op.named(apply(EuclideanNorm(over), {op[0]}));
  if (options.ord != kInf) {
    throw op.value_error("the order " + scalar_text(options.ord) + " is not 1, 2 or infinity");
  }
  if (group_size == 0) throw op.shape_error("no values to choose from");
  return op.named(max(abs(op[0]), over));
}

namespace records {

OpInfo norm() {
  const auto distinct_magnitudes = [](Random& random, const Shape& shape) {
    return add(record::distinct(0.4)(random, shape), 0.1).value();
  };
  const auto call = [](const Variable& x, const Axes& axis, bool keepdims) {
    return gradus::norm(x, {.axis = axis, .keepdims = keepdims});
  };
  const auto of = [=](double ord, const Shape& x, const Axes& axis = {}) -> record::Case {
    return {std::string("ord = ") + (ord == kInf ? "inf" : scalar_text(ord)) +
                (axis.empty() ? "" : ", axis = " + to_string(axis)),
            {x},
            [=](std::span<const Variable> v) { return gradus::norm(v[0], {.ord = ord, .axis = axis}); },
            {ord == kInf ? record::Draw(distinct_magnitudes) : record::away_from_zero()}};
  };
  const auto scaled = [](double low, double high) -> record::Case {
    return {"axis = [1]",
            {{3, 4}},
            [](std::span<const Variable> v) { return gradus::norm(v[0], {.axis = 1}); },
            {record::uniform(low, high)},
            true};
  };
  OpInfo record = record::with_cases(
      record::reduction(call,
                        {.signature = "(x, {.ord = 2, .axis, .keepdims})",
                         .formula = "y = sqrt(sum(x^2)), or sum(|x|), or max(|x|)",
                         .gradient = "g x / y, or g sign(x), or g sign(x) where |x| is the largest",
                         .kinks = "zero vectors: the gradient there is 0; equal largest |x| share it",
                         .flops = record::per_input(2)},
                        record::away_from_zero()),
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {of(1, {n, 3}), of(1, {2, n, 3}, {0, -1}), of(kInf, {n, 3}),   of(kInf, {2, n, 3}, 1),
                of(1, {0, 3}), of(2, {n, 3}, 0),          scaled(1e30, 3e38), scaled(1e-38, 1e-30)};
      });
  const auto misuse = [&](const std::string& message, double ord, const Shape& x) {
    record.errors.push_back({message, {Tensor::ones(x)}, of(ord, x).call});
  };
  misuse("the order 3.0 is not 1, 2 or infinity", 3, {2});
  misuse("the order nan is not 1, 2 or infinity", std::nan(""), {2});
  misuse("no values to choose from: x is [2, 0]", kInf, {2, 0});
  return record;
}

}  // namespace records

}  // namespace gradus
