#include <gradus/ops/kernels/reduction/arg_extremum_op.h>
#include <gradus/ops/kernels/reduction/order.h>

#include <limits>

namespace gradus::kernels {

OpAttributes ArgExtremumOp::attributes() const {
  OpAttributes result;
  if (options_.axis) result.push_back({"axis", std::to_string(*options_.axis)});
  if (options_.keepdims) result.push_back({"keepdims", "true"});
  return result;
}

Shape ArgExtremumOp::infer_shape(const Call& call) const {
  const Shape& shape = call.shape(0);
  const std::size_t axis = options_.axis ? call.axis(*options_.axis) : 0;
  const std::int64_t extent = options_.axis ? shape[axis] : shape.elements();
  if (extent == 0) throw call.shape_error("no values to choose from");
  if (!options_.axis) return options_.keepdims ? Shape(Dims(shape.dims().size(), 1)) : Shape();
  Dims dims = shape.dims();
  dims[axis] = 1;
  if (options_.keepdims) return Shape(std::move(dims));
  Dims rest(dims.size() - 1, 0);
  for (std::size_t i = 0; i < rest.size(); ++i) rest[i] = dims[i < axis ? i : i + 1];
  return Shape(std::move(rest));
}

void ArgExtremumOp::forward(Forward& forward) const {
  const Tensor& x = forward.value(0);
  const Shape flat = {x.size()};
  const std::size_t axis = options_.axis ? forward.axis(*options_.axis) : 0;
  extreme_positions(extreme_, x, options_.axis ? x.shape() : flat, axis, forward.output());
}

OpInfo arg_extremum_record(Variable (*function)(const Operand&, ArgOptions), OpInfo about) {
  about.signature = "(x, {.axis, .keepdims})";
  about.shapes = "any -> int64, without the axis, or 1 there";
  about.flops = record::per_input(1);
  const auto of = [=](const Shape& x, std::optional<std::int64_t> axis = {},
                      bool keepdims = false) -> record::Case {
    std::string arguments = axis ? "axis = " + std::to_string(*axis) : "";
    if (keepdims) arguments += arguments.empty() ? "keepdims = true" : ", keepdims = true";
    return {std::move(arguments), {x}, [=](std::span<const Variable> v) {
              return function(v[0], {.axis = axis, .keepdims = keepdims});
            }};
  };
  const auto drawn = [](record::Case one, const record::Draw& draw) {
    one.draws = {draw};
    return one;
  };
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInf = std::numeric_limits<float>::infinity();
  const Tensor extremes = {{1, kNaN, kNaN}, {kInf, -kInf, kInf}, {-kInf, -kInf, kInf}, {0, -0.0F, 0}};
  OpInfo record = record::cases(std::move(about),
                                [=](std::int64_t n) -> std::vector<record::Case> {
                                  return {of({n, n}),
                                          of({n, n}, 0),
                                          of({n, n}, -1, true),
                                          of({}),
                                          of({n}, 0),
                                          of({2, n, 3}, 1),
                                          of({2, n, 3}, {}, true),
                                          of({2, 1, n, 2}, -3, true),
                                          of({0, 3}, 1),
                                          drawn(of({n, n}, 1), record::integers(0, 2)),
                                          drawn(of({n, n}, 0), record::booleans()),
                                          drawn(of({4, 3}, 1), record::constant(extremes))};
                                },
                                {{"axis 2 is out of range [-2, 1]: x is [2, 3]", of({2, 3}, 2)},
                                 {"axis -3 is out of range [-2, 1]: x is [2, 3]", of({2, 3}, -3)},
                                 {"axis 0 of a scalar: x is []", of({}, 0)},
                                 {"no values to choose from: x is [2, 0]", of({2, 0}, 1)},
                                 {"no values to choose from: x is [2, 0]", of({2, 0})}});
  return record;
}

}  // namespace gradus::kernels
