#include <gradus/ops/elementwise.h>
#include <gradus/ops/graph.h>
#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/elementwise/vector_sums.h>
#include <gradus/ops/kernels/loss/loss_op.h>
#include <gradus/ops/kernels/reduction/short_rows.h>
#include <gradus/ops/reduction.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace gradus {

namespace {

constexpr std::string_view kName = "cosine_similarity";

// x / max(|x|, epsilon), and 0, without a slope, for a vector of zeros. Scaled so that no square overflows.
Variable unit(const Variable& x, const ReduceOptions& along) {
  const Variable largest = stop_gradient(max(abs(x), along));
  const Variable scale = where(largest > 0, largest, 1), scaled = x / scale;
  const Variable norm = maximum(sqrt(sum(square(scaled), along)), kernels::kEpsilon / scale);
  return where(largest == 0, 0, scaled / norm);
}

Function values_along(std::int64_t axis) {
  return [axis](std::span<const Variable> operands) {
    const ReduceOptions along = {.axis = axis, .keepdims = true};
    const bool empty = operands[1].value().size() == 0;  // no largest value
    const Variable t = empty ? operands[0] : unit(operands[0], along);
    const Variable p = empty ? operands[1] : unit(operands[1], along);
    return -sum(t * p, {.axis = axis});
  };
}

// One sample, along contiguous values: the lengths of t and p, and what their products and squares are to be
// scaled by so that none overflows or vanishes.
template <class T>
struct Pair {
  using V = kernels::Vector<T>;
  Pair(const T* labels, const T* predictions, std::int64_t count)
      : t(labels), p(predictions), n(count), t_scale(scale(t)), p_scale(scale(p)) {
    const V by_t = t_scale, by_p = p_scale;
    const auto length = [this](const T* values, V by) {
      return std::sqrt(kernels::sum_of_vectors<T>(
          n, [by](V v) { return (v * by) * (v * by); }, values));
    };
    const double epsilon = kernels::kEpsilon;
    t_length = length(t, by_t);
    p_length = length(p, by_p);
    t_divisor = std::max(t_length, epsilon * static_cast<double>(t_scale));
    p_divisor = std::max(p_length, epsilon * static_cast<double>(p_scale));
    const double product = kernels::sum_of_vectors<T>(
        n, [=](V a, V b) { return (a * by_t) * (b * by_p); }, t, p);
    const bool none = t_length == 0 || p_length == 0;
    value = none ? 0.0 * product : -product / (t_divisor * p_divisor);
  }
  const T *t, *p;
  std::int64_t n;
  T t_scale, p_scale;
  double t_length = 0, p_length = 0, t_divisor = 0, p_divisor = 0, value = 0;

  // The gradient of p: -g (unit(t) + value unit(p)) / |p|; the second term is that of the length, which
  // stands still below epsilon.
  void slope(T g, T* out) const {
    if (p_length == 0 || t_length == 0) return void(std::fill_n(out, n, T(0)));
    const double by = -static_cast<double>(g) * static_cast<double>(p_scale) / p_divisor;
    if (n == 1 && p_length >= p_divisor) return void(std::fill_n(out, n, T(0)));  // only the sign counts
    const double along_p = p_length < p_divisor ? 0 : value / p_divisor * by;
    const V left = static_cast<T>(by / t_divisor), right = static_cast<T>(along_p);
    const V by_t = t_scale, by_p = p_scale;
    kernels::each_vector(
        n, out, [=](V a, V b) { return left * (a * by_t) + right * (b * by_p); }, t, p);
  }

 private:
  // 1 / the largest size, as far as it matters.
  T scale(const T* values) const {
    V size = 0;
    kernels::sum_of_vectors<T>(
        n,
        [&size](V v) {
          size = maximum(size, abs(v));
          return v;
        },
        values);
    T lanes[V::kWidth];
    size.store(lanes);
    const T most = kernels::largest(lanes, V::kWidth);
    const bool plain = most == 0 || most != most || (most > T(1e-9) && most < T(1e9));
    return plain ? T(1) : 1 / std::max(most, std::numeric_limits<T>::min());
  }
};

// The same of short rows whose squares neither overflow nor vanish; see Note [Short rows]. Others are left to
// Pair.
template <class T>
struct ShortPairs {
  using V = kernels::Vector<T>;
  alignas(64) kernels::ShortBlock<T> block, both, t_squares, p_squares, values;

  // Of `rows` rows of n values.
  void set(const T* t, const T* p, std::int64_t rows, std::int64_t n) {
    const auto sums = [&](const T* a, const T* b, kernels::ShortBlock<T>& to) {
      kernels::each_vector(
          rows * n, block.data(), [](V x, V y) { return x * y; }, a, b);
      kernels::sum_rows(block.data(), rows, n, to.data());
    };
    sums(t, p, both);
    sums(t, t, t_squares);
    sums(p, p, p_squares);
    kernels::each_vector(
        rows, values.data(), [](V x, V a, V b) { return -x / (sqrt(a) * sqrt(b)); }, both.data(),
        t_squares.data(), p_squares.data());
  }
  bool plain(std::int64_t row) const {
    const auto within = [](T squares) { return squares > T(1e-13) && squares < T(1e17); };
    return within(t_squares[static_cast<std::size_t>(row)]) &&
           within(p_squares[static_cast<std::size_t>(row)]);
  }

  // The gradients of p.
  void slopes(const T* g, const T* t, const T* p, T* out, std::int64_t rows, std::int64_t n) {
    kernels::ShortBlock<T> left, right;
    kernels::each_vector(
        rows, both.data(), [](V gv, V a, V b) { return -gv / (sqrt(a) * sqrt(b)); }, g, t_squares.data(),
        p_squares.data());
    kernels::repeat_rows(both.data(), rows, n, left.data());
    kernels::each_vector(
        rows, both.data(), [](V gv, V value, V b) { return -gv * value / b; }, g, values.data(),
        p_squares.data());
    kernels::repeat_rows(both.data(), rows, n, right.data());
    kernels::each_vector(
        rows * n, out, [](V a, V b, V l, V r) { return l * a + r * b; }, t, p, left.data(), right.data());
  }
};

class CosineSimilarity : public kernels::ComposedLoss {
 public:
  explicit CosineSimilarity(std::int64_t axis)
      : ComposedLoss(kName, {{"axis", std::to_string(axis)}}, axis, values_along(axis)), axis_(axis) {}

  void forward(Forward& forward) const override {
    if (!of_rows(forward.shape(1))) return ComposedLoss::forward(forward);
    const std::int64_t width = forward.shape(1).back();
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      if (are_short(width)) {
        return each_short<T>(
            forward.value(0), forward.value(1),
            [&](std::int64_t first, std::int64_t rows, ShortPairs<T>& pairs) {
              T* values = forward.output().template raw<T>() + first;
              std::copy_n(pairs.values.data(), rows, values);
              for (std::int64_t i = 0; i < rows; ++i) {
                if (pairs.plain(i)) continue;
                const std::int64_t at = (first + i) * width;
                values[i] = static_cast<T>(
                    Pair<T>(forward.value(0).raw<T>() + at, forward.value(1).raw<T>() + at, width).value);
              }
            });
      }
      kernels::each_row<T>(forward, [](const T* t, const T* p, std::int64_t n) {
        return static_cast<T>(Pair<T>(t, p, n).value);
      });
    });
  }
  void vjp(Backward& b) const override {
    if (b.create_graph() || !of_rows(b.shape(1))) return ComposedLoss::vjp(b);
    const Tensor &t = b.input_value(0), &p = b.input_value(1), &g = b.gradient_value();
    for (const std::size_t i : {0, 1}) {
      if (!b.needs(i)) continue;
      Tensor result = Tensor::empty(p.shape(), p.dtype());
      const std::int64_t n = p.shape().back();
      dispatch_floating(p.dtype(), [&]<class T>() {
        const Tensor &constant = i == 1 ? t : p, &moving = i == 1 ? p : t;
        const auto slope = [&](std::int64_t row) {
          const Pair<T> pair(constant.raw<T>() + row * n, moving.raw<T>() + row * n, n);
          pair.slope(g.raw<T>()[row], result.raw<T>() + row * n);
        };
        if (are_short(n)) {
          return each_short<T>(constant, moving,
                               [&](std::int64_t first, std::int64_t rows, ShortPairs<T>& pairs) {
                                 const std::int64_t at = first * n;
                                 pairs.slopes(g.raw<T>() + first, constant.raw<T>() + at,
                                              moving.raw<T>() + at, result.raw<T>() + at, rows, n);
                                 for (std::int64_t row = 0; row < rows; ++row) {
                                   if (!pairs.plain(row)) slope(first + row);
                                 }
                               });
        }
        parallel_for(g.size(), kernels::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t row = begin; row < end; ++row) slope(row);
        });
      });
      b.give(i, std::move(result));
    }
  }

 private:
  // Of one value only the sign counts, which Pair knows.
  static bool are_short(std::int64_t n) { return n != 1 && kernels::are_short(n); }
  // Calls body(first, rows, pairs) for blocks of short rows.
  template <class T, class Body>
  static void each_short(const Tensor& t, const Tensor& p, const Body& body) {
    const std::int64_t n = p.shape().back();
    parallel_for(p.size() / n, kernels::row_grain(n), [&](std::int64_t begin, std::int64_t end) {
      ShortPairs<T> pairs;
      kernels::each_short_block(begin, end, n, [&](std::int64_t first, std::int64_t rows) {
        pairs.set(t.raw<T>() + first * n, p.raw<T>() + first * n, rows, n);
        body(first, rows, pairs);
      });
    });
  }
  bool of_rows(const Shape& shape) const {
    return shape.rank() != 0 && (axis_ == -1 || axis_ == shape.rank() - 1) && shape.elements() != 0;
  }
  std::int64_t axis_;
};

}  // namespace

Variable cosine_similarity(const Operand& y_true, const Operand& y_pred, CosineSimilarityOptions options) {
  const auto [labels, predictions] = kernels::align_ranks(y_true, y_pred);
  return kernels::reduced_loss(Ref<const Op>::adopt(new CosineSimilarity(options.axis)), labels, predictions,
                               options.reduction, options.sample_weight, y_pred);
}

namespace records {

OpInfo cosine_similarity() {
  const auto along = [](std::int64_t axis) {
    return [=](const Variable& y_true, const Variable& y_pred, Reduction reduction, const Tensor& weight) {
      return gradus::cosine_similarity(y_true, y_pred,
                                       {.axis = axis, .reduction = reduction, .sample_weight = weight});
    };
  };
  const auto rows = [=](std::int64_t axis, const Shape& shape) -> record::Case {
    return {"axis = " + std::to_string(axis) + ", reduction = 'none'",
            {shape, shape},
            [=](std::span<const Variable> x) { return along(axis)(x[0], x[1], "none", {}); }};
  };
  const auto wrong = [=](std::int64_t axis, const std::string& message) -> OpError {
    return {message, {Tensor::ones({2, 3}), Tensor::ones({2, 3})}, rows(axis, {}).call};
  };
  return record::with_cases(
      record::loss({{"", along(-1)}},
                   {.signature = "(y_true, y_pred, {.axis, .reduction, .sample_weight})",
                    .formula = "-sum(unit(y_true) unit(y_pred)), unit(x) = x / max(|x|, 1e-7)",
                    .gradient = "dy_pred = -g (unit(y_true) + y unit(y_pred)) / |y_pred|",
                    .kinks = "a vector of zeros: its unit is 0, and so is its gradient",
                    .flops = record::per_input(10),
                    .errors = {wrong(2, "axis 2 is out of range [-2, 1]: y_true is [2, 3], y_pred is [2, 3]"),
                               wrong(-3,
                                     "axis -3 is out of range [-2, 1]: y_true is [2, 3], y_pred is "
                                     "[2, 3]")}}),
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {rows(0, {n, 3}), rows(1, {2, n, 3}), rows(-2, {2, 1, n, 2}), rows(0, {n})};
      });
}

}  // namespace records

}  // namespace gradus
