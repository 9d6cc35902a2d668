#include <gradus/graph/backward_through.h>
#include <gradus/graph/parallel.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/chunks.h>
#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/elementwise/vector_loops.h>
#include <gradus/ops/kernels/reduction/axis_op.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

class Glu : public kernels::AxisOp {
 public:
  using AxisOp::AxisOp;
  std::string_view name() const override { return "glu"; }
  Shape infer_shape(const Call& call) const override {
    Dims dims = call.shape(0).dims();
    std::int64_t& extent = dims[call.axis(axis_)];
    if (extent % 2 != 0) {
      throw call.shape_error("axis " + std::to_string(axis_) + " has no two halves");
    }
    extent /= 2;
    return Shape(dims);
  }

  void forward(Forward& forward) const override {
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      const T* x = forward.value(0).raw<T>();
      T* y = forward.output().raw<T>();
      each_pair_of_runs(
          forward.value(0), [&](std::int64_t pair, std::int64_t first, std::int64_t n, std::int64_t half) {
            const auto f = [](kernels::Vector<T> a, kernels::Vector<T> b) { return a * sigmoid(b); };
            const T* a = x + 2 * pair * half + first;
            kernels::each_vector(n, y + pair * half + first, f, a, a + half);
          });
    });
  }

  void vjp(Backward& b) const override {
    if (b.create_graph()) {
      backward_through(b, [axis = axis_](std::span<const Variable> operands) {
        const std::vector<Variable> halves = split(operands[0], 2, {.axis = axis});
        return multiply(halves[0], sigmoid(halves[1]));
      });
      return;
    }
    const Tensor &x = b.input_value(0), &g = b.gradient_value();
    Tensor dx = Tensor::empty(x.shape(), x.dtype());
    dispatch_floating(x.dtype(), [&]<class T>() {
      using V = kernels::Vector<T>;
      const T *xs = x.raw<T>(), *gs = g.raw<T>();
      T* out = dx.raw<T>();
      each_pair_of_runs(x, [&](std::int64_t pair, std::int64_t first, std::int64_t n, std::int64_t half) {
        const std::int64_t at = 2 * pair * half + first;
        const T *slope = gs + pair * half + first, *left = xs + at, *right = left + half;
        T *to_left = out + at, *to_right = to_left + half;
        kernels::each_vector(
            n, to_left, [](V z) { return sigmoid(z); }, right);  // for both halves
        const auto rule = [](V gv, V a, V s) { return gv * a * s * (1 - s); };
        kernels::each_vector(n, to_right, rule, slope, left, static_cast<const T*>(to_left));
        kernels::each_vector(
            n, to_left, [](V gv, V s) { return gv * s; }, slope, static_cast<const T*>(to_left));
      });
    });
    b.give(0, std::move(dx));
  }

 private:
  // Calls body(pair, first, n, half) for pieces of the pairs of runs of `half` values, one after the other,
  // that x is made of: n values from `first` on in each.
  template <class Body>
  void each_pair_of_runs(const Tensor& x, const Body& body) const {
    if (x.size() == 0) return;
    const kernels::AxisSplit split(x.shape(), axis_of(x));
    const std::int64_t half = split.extent / 2 * split.inner;
    const std::int64_t pieces = (half + kernels::kElementGrain - 1) / kernels::kElementGrain;
    const std::int64_t grain = std::max<std::int64_t>(1, kernels::kElementGrain / half);
    parallel_for(split.outer * pieces, grain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        const std::int64_t first = i % pieces * kernels::kElementGrain;
        body(i / pieces, first, std::min(kernels::kElementGrain, half - first), half);
      }
    });
  }
};

}  // namespace

Variable glu(const Operand& x, GluOptions options) { return apply(Glu(options.axis), {x}); }

namespace records {

OpInfo glu() {
  const auto along = [](const Shape& shape, std::int64_t axis) -> record::Case {
    return {"axis = " + std::to_string(axis), {shape}, [=](std::span<const Variable> x) {
              return gradus::glu(x[0], {.axis = axis});
            }};
  };
  const auto of = [=](const Shape& shape, std::int64_t axis, DType dtype = DType::float32) {
    record::Case one = along(shape, axis);
    one.draws = {record::ones(dtype)};
    return one;
  };
  const auto extreme = [=](const Tensor& x) {
    record::Case one = along(x.shape(), -1);
    one.draws = {record::constant(x)};
    one.extreme = true;
    return one;
  };
  return record::cases({.signature = "(x, {.axis = -1})",
                        .formula = "y = a sigmoid(b), a and b being the halves of x along an axis",
                        .gradient = "da = g sigmoid(b), db = g a sigmoid(b) (1 - sigmoid(b))",
                        .shapes = "any of rank 1 or more, an even extent along the axis -> half of it there",
                        .flops = 14},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {
                             along({n, 2 * n}, -1),
                             along({2 * n, n}, 0),
                             along({2 * n}, -1),
                             along({2, 2 * n, 3}, 1),
                             along({2, 1, n, 4}, -1),
                             along({2, n, 1}, -3),
                             along({0, 4}, 1),
                             along({3, 0}, -1),
                             extreme({{1, 1e4F}, {1, -1e4F}, {-1e4F, 0}, {NAN, 1}, {1, NAN}, {1, INFINITY}})};
                       },
                       {{"axis -1 has no two halves: x is [2, 3]", of({2, 3}, -1)},
                        {"axis 2 is out of range [-2, 1]: x is [2, 4]", of({2, 4}, 2)},
                        {"axis -1 of a scalar: x is []", of({}, -1)},
                        {"does not take booleans: x is boolean", of({4}, 0, DType::boolean)}});
}

}  // namespace records

}  // namespace gradus
