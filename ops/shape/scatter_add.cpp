#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/kernels/shape/gather.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace gradus {

namespace {

class ScatterAdd : public Op {
 public:
  std::string_view name() const override { return "scatter_add"; }
  std::span<const std::string_view> operand_names() const override {
    static constexpr std::array<std::string_view, 3> kNames = {"x", "indices", "updates"};
    return kNames;
  }
  DType operand_dtype(const Call& call, std::size_t i) const override {
    if (i == 1) return kernels::index_dtype(call, 1);
    if (call.dtype(0) == DType::boolean) throw call.dtype_error("does not take booleans");
    if (call.dtype(2) != call.dtype(0)) throw call.dtype_error("the operands' dtypes differ");
    return call.dtype(0);
  }
  Shape infer_shape(const Call& call) const override {
    const Shape &x = call.shape(0), &indices = call.shape(1), &updates = call.shape(2);
    if (x.rank() == 0) throw call.shape_error("x needs rank 1 or more");
    Dims expected(indices.dims().size() + x.dims().size() - 1, 0);
    std::copy(x.begin() + 1, x.end(), std::copy(indices.begin(), indices.end(), expected.begin()));
    if (updates.dims() != expected) throw call.shape_error("the updates must be " + to_string(expected));
    return x;
  }
  void forward(Forward& forward) const override {
    const kernels::AxisSplit split(forward.shape(0), 0);
    kernels::check_indices(forward, forward.value(1), split.extent);
    Tensor& out = forward.output();
    std::memcpy(out.buffer()->data(), forward.value(0).buffer()->data(), out.bytes());
    kernels::scatter_add(forward.value(2), split, forward.value(1), out);
  }
  void vjp(Backward& b) const override {
    if (b.needs(0)) b.give(0, b.gradient());
    if (b.needs(2)) b.give(2, take(b.gradient(), b.input(1), {.axis = 0}));
  }
};

}  // namespace

Variable scatter_add(const Operand& x, const Operand& indices, const Operand& updates) {
  return apply(Op::lasting<ScatterAdd>(), {x, kernels::index_operand(indices), updates});
}

namespace records {

OpInfo scatter_add() {
  const auto of = [](const Shape& x, const Tensor& indices, const Shape& updates) -> record::Case {
    return {"",
            {x, indices.shape(), updates},
            [=](std::span<const Variable> v) { return gradus::scatter_add(v[0], v[1], v[2]); },
            {record::uniform(), record::constant(indices)}};
  };
  const auto drawn = [](record::Case one, const record::Draw& x, const record::Draw& updates) {
    one.draws[0] = x;
    one.draws.push_back(updates);
    return one;
  };
  const auto at = [](std::initializer_list<TensorLiteral> indices) { return Tensor(indices, DType::int64); };
  const Tensor one(std::vector<std::int64_t>{1}, Shape());
  return record::cases(
      {.signature = "(x, indices, updates)",
       .formula = "y = x; y[indices[i]] += updates[i]",
       .gradient = "dx = g, dupdates = g[indices]",
       .shapes = "[n, ..], any, [indices' shape.., ..] -> [n, ..]"},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {of({n, n}, at({0, 2, 0}), {3, n}),
                of({n}, at({-1, 1, 1, 3}), {4}),
                of({n}, one, {}),
                of({n, 3}, one, {3}),
                of({n, 2}, at({{0, -n}, {3, 3}}), {2, 2, 2}),
                of({3, 2, n}, at({2, 2}), {2, 2, n}),
                of({2, 1, 2, n}, at({1}), {1, 1, 2, n}),
                of({n}, Tensor::zeros({0}, DType::int64), {0}),
                of({3, 0}, at({1, 2}), {2, 0})};
      },
      {{"index 3 is out of range [-3, 2]", of({3, 2}, at({0, 3}), {2, 2})},
       {"index -4 is out of range [-3, 2]", of({3}, at({-4}), {1})},
       {"the updates must be [2, 2]: x is [3, 2], indices is [2], updates is [2, 3]",
        of({3, 2}, at({0, 1}), {2, 3})},
       {"x needs rank 1 or more: x is [], indices is [1], updates is [1]", of({}, at({0}), {1})},
       {"the indices must be integers: x is float32, indices is float32, updates is float32",
        of({3}, {0}, {1})},
       {"the operands' dtypes differ: x is float32, indices is int64, updates is float64",
        drawn(of({3}, at({0}), {1}), record::ones(), record::ones(DType::float64))},
       {"does not take booleans: x is boolean, indices is int64, updates is boolean",
        drawn(of({3}, at({0}), {1}), record::ones(DType::boolean), record::ones(DType::boolean))}});
}

}  // namespace records

}  // namespace gradus
