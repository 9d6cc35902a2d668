#include <gradus/graph/apply.h>
#include <gradus/graph/call.h>
#include <gradus/ops/kernels/nn/index_values.h>
#include <gradus/ops/kernels/nn/window_records.h>
#include <gradus/ops/kernels/shape/axis_split.h>
#include <gradus/ops/kernels/shape/result_shape.h>

#include <cstring>

namespace gradus {

namespace {

class OneHot : public Op {
 public:
  OneHot(std::int64_t classes, OneHotOptions options) : classes_(classes), options_(options) {}
  std::string_view name() const override { return "one_hot"; }
  OpAttributes attributes() const override { return {{"num_classes", std::to_string(classes_)}}; }
  std::span<const std::string_view> operand_names() const override {
    static constexpr std::array<std::string_view, 1> kNames = {"indices"};
    return kNames;
  }
  DType operand_dtype(const Call& call, std::size_t i) const override { return call.dtype(i); }
  DType infer_dtype(const Call& /*call*/) const override { return options_.dtype; }
  bool differentiable() const override { return false; }

  Shape infer_shape(const Call& call) const override {
    const Shape& indices = call.shape(0);
    if (classes_ < 1)
      throw call.value_error("num_classes must be 1 or more, got " + std::to_string(classes_));
    const std::size_t at = place(call), axes = indices.dims().size() + 1;
    Dims dims(axes, classes_);
    for (std::size_t i = 0, next = 0; i < axes; ++i) {
      if (i != at) dims[i] = indices[next++];
    }
    return kernels::result_shape(call, std::move(dims));
  }

  void forward(Forward& forward) const override {
    const Tensor indices = kernels::index_values(forward, 0, classes_);
    Tensor& out = forward.output();
    std::memset(out.buffer()->data(), 0, out.bytes());
    if (out.size() == 0) return;
    const kernels::AxisSplit split(out.shape(), place(forward));
    const std::int64_t* index = indices.raw<std::int64_t>();
    dispatch(out.dtype(), [&]<class T>() {
      for (std::int64_t o = 0; o < split.outer; ++o) {
        for (std::int64_t j = 0; j < split.inner; ++j, ++index) {
          out.raw<T>()[(o * split.extent + *index) * split.inner + j] = T(1);
        }
      }
    });
  }

 private:
  // Where the classes' axis stands in the result.
  std::size_t place(const Call& call) const {
    const std::int64_t rank = call.shape(0).rank() + 1, axis = options_.axis;
    if (axis < -rank || axis >= rank) {
      throw call.shape_error("axis " + std::to_string(axis) + " is out of range [" + std::to_string(-rank) +
                             ", " + std::to_string(rank - 1) + "] of the result");
    }
    return static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
  }

  std::int64_t classes_;
  OneHotOptions options_;
};

}  // namespace

Variable one_hot(const Operand& indices, std::int64_t num_classes, OneHotOptions options) {
  return apply(OneHot(num_classes, options), {indices});
}

namespace records {

OpInfo one_hot() {
  const auto at = [](const Shape& shape, const record::Draw& draw, std::int64_t classes,
                     const OneHotOptions& options = {}) -> record::Case {
    return {
        record::Arguments().put("num_classes", std::to_string(classes)).add("axis", options.axis, -1).text(),
        {shape},
        [=](std::span<const Variable> v) { return gradus::one_hot(v[0], classes, options); },
        {draw}};
  };
  const auto by = [=](const Shape& shape, std::int64_t classes, const OneHotOptions& options = {}) {
    return at(shape, record::integers(0, classes), classes, options);
  };
  const auto of = [=](const Tensor& indices, std::int64_t classes, const OneHotOptions& options = {}) {
    return at(indices.shape(), record::constant(indices), classes, options);
  };
  return record::cases(
      {.signature = "(indices, num_classes, {.axis, .dtype})",
       .formula = "y_ij = 1 where j = indices_i, else 0",
       .shapes = "[..] -> [.., num_classes]",
       .flops = 0},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({n}, n),
                by({n}, 3, {.axis = 0}),
                by({2, n}, 3),
                by({2, n}, 3, {.axis = 1}),
                by({2, n}, 3, {.axis = -3}),
                by({}, 2),
                by({3}, 1),
                by({0}, 3),
                of(Tensor({1, 0, 2}), 3),
                by({2, 3}, 4, {.dtype = DType::int32})};
      },
      {{"index 3 is out of range [0, 3)", of(Tensor({0, 3}, DType::int64), 3)},
       {"index -1 is out of range [0, 3)", of(Tensor({-1}, DType::int32), 3)},
       {"index 1.5 is no whole number", of({1.5F}, 3)},
       {"num_classes must be 1 or more, got 0", of({1}, 0)},
       {"axis 2 is out of range [-2, 1] of the result: indices is [1]", of({1}, 3, {.axis = 2})},
       {"the number of elements of [2, 9223372036854775807] overflows: indices is [2]",
        of({1, 1}, INT64_MAX)},
       {"the indices must be numbers: indices is boolean", of(Tensor::ones({1}, DType::boolean), 3)}});
}

}  // namespace records

}  // namespace gradus
