#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/chunks.h>
#include <gradus/ops/kernels/elementwise/unbroadcast.h>
#include <gradus/ops/records.h>

#include <array>
#include <cstring>

namespace gradus {

namespace {

template <class T>
kernels::Mask<T> mask_of(const bool* truths) {
  using Registers = kernels::Registers<T>;
  typename Registers::Truths bytes;
  std::memcpy(&bytes, truths, sizeof(bytes));
  return {__builtin_convertvector(bytes, typename Registers::Flags) != 0};
}

template <class T>
void choose(std::int64_t n, T* out, kernels::Broadcast<bool> condition, kernels::Broadcast<T> a,
            kernels::Broadcast<T> b) {
  using V = kernels::Vector<T>;
  std::int64_t i = 0;
  for (; i + V::kWidth <= n; i += V::kWidth) {
    kernels::choose(mask_of<T>(condition.at(i)), V::load(a.at(i)), V::load(b.at(i))).store(out + i);
  }
  for (; i < n; ++i) out[i] = *condition.at(i) ? *a.at(i) : *b.at(i);
}

class Where : public Op {
 public:
  std::string_view name() const override { return "where"; }
  std::span<const std::string_view> operand_names() const override {
    static constexpr std::array<std::string_view, 3> kNames = {"condition", "a", "b"};
    return kNames;
  }
  DType operand_dtype(const Call& call, std::size_t i) const override {
    if (call.dtype(0) != DType::boolean) throw call.dtype_error("the condition must be boolean");
    if (i == 0) return DType::boolean;
    return call.dtype(1) == call.dtype(2) ? call.dtype(1) : call.common_dtype(1);
  }
  Shape infer_shape(const Call& call) const override {
    const BroadcastShape both = broadcast_shapes(call.shape(1), call.shape(2));
    BroadcastShape result = both.ok ? broadcast_shapes(call.shape(0), both.shape) : both;
    if (!result.ok) throw call.shape_error("the shapes do not broadcast");
    return std::move(result.shape);
  }
  DType infer_dtype(const Call& call) const override { return call.dtype(1); }

  void forward(Forward& forward) const override {
    Tensor& out = forward.output();
    dispatch(out.dtype(), [&]<class T>() {
      using kernels::Broadcast;
      T* values = out.raw<T>();
      kernels::each_chunk<kernels::Vector<T>::kWidth, bool, T, T>(
          out.shape(), {&forward.value(0), &forward.value(1), &forward.value(2)},
          [=](std::int64_t at, std::int64_t n, Broadcast<bool> condition, Broadcast<T> a, Broadcast<T> b) {
            choose(n, values + at, condition, a, b);
          });
    });
  }

  // The branch not taken gets an exact 0, whatever its own derivative is.
  void vjp(Backward& b) const override {
    if (b.needs(1)) b.give(1, unbroadcast(where(b.input(0), b.gradient(), 0), b.shape(1)));
    if (b.needs(2)) b.give(2, unbroadcast(where(b.input(0), 0, b.gradient()), b.shape(2)));
  }
};

}  // namespace

Variable where(const Operand& condition, const Operand& a, const Operand& b) {
  return apply(Op::lasting<Where>(), condition, a, b);
}

namespace records {

OpInfo where() {
  const auto choose = [](const Shape& condition, const Shape& a, const Shape& b) -> record::Case {
    return {"",
            {condition, a, b},
            [](std::span<const Variable> x) { return gradus::where(x[0], x[1], x[2]); },
            {record::booleans()}};
  };
  const auto drawn = [](record::Case one, std::vector<record::Draw> draws) {
    one.draws = std::move(draws);
    return one;
  };
  return record::cases(
      {.signature = "(condition, a, b)",
       .formula = "y = a where condition, else b",
       .gradient = "da = g where condition, else 0; db = 0 where condition, else g",
       .shapes = "boolean any, any, any -> broadcast"},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {choose({n, n}, {n, n}, {n, n}),
                choose({}, {n}, {n}),
                choose({n}, {}, {}),
                choose({2, n}, {n}, {2, 1}),
                choose({n}, {2, 1}, {1, n}),
                choose({2, 1, n, 1}, {3}, {2, 1, 1, 1}),
                choose({1}, {n, 2}, {2}),
                choose({0, 2}, {2}, {1, 1})};
      },
      {{"the condition must be boolean: condition is float32, a is float32, b is float32",
        drawn(choose({2}, {2}, {2}), {})},
       {"the shapes do not broadcast: condition is [2], a is [3], b is [3]", choose({2}, {3}, {3})},
       {"the operands' dtypes differ: condition is boolean, a is float32, b is float64",
        drawn(choose({2}, {2}, {2}), {record::booleans(), record::ones(), record::ones(DType::float64)})}});
}

}  // namespace records

}  // namespace gradus
