#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/samples.h>
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
      return reshaped(call.shape(0), shape_);
    } catch (const ShapeError& error) {
      throw call.shape_error(error.what());
    }
  }
  void forward(Forward& forward) const override { forward.give(forward.value(0).reshape(shape_)); }
  void vjp(Backward& b) const override { b.give(0, reshape(b.gradient(), b.shape(0).dims())); }

 private:
  Dims shape_;
};

}  // namespace

Variable reshape(const Operand& x, const Dims& shape) { return apply(Reshape(shape), {x}); }

namespace records {

OpInfo reshape() {
  const auto to = [](Dims shape) {
    return [shape = std::move(shape)](std::span<const Variable> x) { return gradus::reshape(x[0], shape); };
  };
  const auto samples = [=](Random& random, std::int64_t n) {
    std::vector<OpSample> result;
    const auto add = [&](const Shape& x, const Dims& shape) {
      result.push_back({.note = to_string(x) + " to " + to_string(shape),
                        .inputs = {samples::uniform(random, x)},
                        .call = to(shape)});
    };
    add({n, n}, {n * n});
    add({n, 2}, {2, -1});
    add({}, {1, 1});
    add({1}, Dims());
    add({2, n, 3}, {n, 6});
    add({2, 3}, {2, 3});
    add({4, n}, {2, 1, 2, n});
    add({0, 3}, {3, 0});
    return result;
  };
  const Tensor x = Tensor::ones({2, 3});
  return {
      .name = "reshape",
      .family = "shape",
      .signature = "reshape(x, shape)",
      .formula = "the values of x under another shape",
      .gradient = "g under x's shape",
      .shapes = "any -> shape; one extent may be -1",
      .samples = samples,
      .errors =
          {{.message = "[2, 3] to [4]: the shapes hold 6 and 4 elements", .inputs = {x}, .call = to({4})},
           {.message = "[2, 3] to [-1, 4]: 6 elements do not divide into rows of 4",
            .inputs = {x},
            .call = to({-1, 4})},
           {.message = "[2, 3] to [-1, -1]: only one extent may be -1", .inputs = {x}, .call = to({-1, -1})},
           {.message = "[2, 3] to [-2, 3]: extents must not be negative", .inputs = {x}, .call = to({-2, 3})},
           {.message = "[2, 3] to [1099511627776, 1099511627776]: the number of elements overflows",
            .inputs = {x},
            .call = to({std::int64_t{1} << 40, std::int64_t{1} << 40})}},
      .flops = samples::flops_per_element(0)};
}

}  // namespace records

}  // namespace gradus
