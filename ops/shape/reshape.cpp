#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

class Reshape : public Op {
 public:
  explicit Reshape(Dims shape) : shape_(std::move(shape)) {}
  std::string_view name() const override { return "reshape"; }
  OpAttributes attributes() const override { return {{"shape", to_string(shape_)}}; }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  Shape infer_shape(const Call& call) const override {
    try {
      return reshaped(call.shape(0), shape_, "");
    } catch (const ShapeError& error) {
      throw ShapeError(call.message(error.what(), {}));
    }
  }
  void forward(Forward& forward) const override { forward.give(forward.value(0).reshape(shape_)); }
  void vjp(Backward& b) const override {
    if (b.create_graph()) return b.give(0, reshape(b.gradient(), b.shape(0).dims()));
    b.give(0, b.take_gradient().reshape(b.shape(0)));
  }

 private:
  Dims shape_;
};

}  // namespace

Variable reshape(const Operand& x, const Dims& shape) { return apply(Reshape(shape), {x}); }

namespace records {

OpInfo reshape() {
  const auto to = [](const Shape& x, const Dims& shape) -> record::Case {
    return {"shape = " + to_string(shape), {x}, [=](std::span<const Variable> v) {
              return gradus::reshape(v[0], shape);
            }};
  };
  constexpr std::int64_t kHuge = std::int64_t{1} << 40;
  return record::cases({.signature = "(x, shape)",
                        .formula = "the values of x under another shape",
                        .gradient = "g under x's shape",
                        .shapes = "any -> shape; one extent may be -1",
                        .flops = 0},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {to({n, n}, {n * n}),      to({n, 2}, {2, -1}),   to({}, {1, 1}),
                                 to({1}, Dims()),          to({2, n, 3}, {n, 6}), to({2, 3}, {2, 3}),
                                 to({4, n}, {2, 1, 2, n}), to({0, 3}, {3, 0})};
                       },
                       {{"[2, 3] to [4]: the shapes hold 6 and 4 elements", to({2, 3}, {4})},
                        {"[2, 3] to [-1, 4]: 6 elements do not divide into rows of 4", to({2, 3}, {-1, 4})},
                        {"[2, 3] to [-1, -1]: only one extent may be -1", to({2, 3}, {-1, -1})},
                        {"[2, 3] to [-2, 3]: extents must not be negative", to({2, 3}, {-2, 3})},
                        {"[2, 3] to [1099511627776, 1099511627776]: the number of elements overflows",
                         to({2, 3}, {kHuge, kHuge})}});
}

}  // namespace records

}  // namespace gradus
