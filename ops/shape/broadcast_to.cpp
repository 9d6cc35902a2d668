#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/kernels/elementwise/unbroadcast.h>
#include <gradus/ops/kernels/shape/strided_copy.h>
#include <gradus/ops/records.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

class BroadcastTo : public Op {
 public:
  explicit BroadcastTo(Shape shape) : shape_(std::move(shape)) {}
  std::string_view name() const override { return "broadcast_to"; }
  OpAttributes attributes() const override { return {{"shape", to_string(shape_)}}; }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }

  Shape infer_shape(const Call& call) const override {
    const BroadcastShape result = broadcast_shapes(call.shape(0), shape_);
    if (!result.ok || result.shape != shape_) {
      throw call.shape_error("does not broadcast to " + to_string(shape_));
    }
    return shape_;
  }

  void forward(Forward& forward) const override {
    const Shape& x = forward.shape(0);
    const Dims own = kernels::contiguous_strides(x);
    const std::size_t missing = shape_.dims().size() - own.size();
    kernels::Layout layout = {.strides = Dims(shape_.dims().size(), 0)};
    for (std::size_t i = 0; i < own.size(); ++i) layout.strides[missing + i] = x[i] == 1 ? 0 : own[i];
    kernels::strided_copy(shape_, forward.value(0), layout, forward.output(),
                          {.strides = kernels::contiguous_strides(shape_)});
  }

  void vjp(Backward& b) const override { b.give(0, unbroadcast(b.gradient(), b.shape(0))); }

 private:
  Shape shape_;
};

}  // namespace

Variable broadcast_to(const Operand& x, const Shape& shape) { return apply(BroadcastTo(shape), {x}); }

namespace records {

OpInfo broadcast_to() {
  const auto to = [](const Shape& x, const Shape& shape) -> record::Case {
    return {"shape = " + to_string(shape), {x}, [=](std::span<const Variable> v) {
              return gradus::broadcast_to(v[0], shape);
            }};
  };
  return record::cases({.signature = "(x, shape)",
                        .formula = "x repeated along axes of extent 1 and leading ones",
                        .gradient = "g summed over the repeated axes",
                        .shapes = "any -> shape",
                        .flops = 0},
                       [=](std::int64_t n) -> std::vector<record::Case> {
                         return {to({n, 1}, {n, n}), to({n}, {2, n}),       to({}, {2, n}),
                                 to({1, n}, {3, n}), to({n, 1}, {2, n, 3}), to({2, 1, n, 1}, {2, 3, n, 2}),
                                 to({2, n}, {2, n}), to({1}, {0}),          to({0, 1}, {0, 3})};
                       },
                       {{"does not broadcast to [3]: x is [2, 3]", to({2, 3}, {3})},
                        {"does not broadcast to [2, 4]: x is [2, 3]", to({2, 3}, {2, 4})},
                        {"does not broadcast to [1]: x is [3]", to({3}, {1})}});
}

}  // namespace records

}  // namespace gradus
