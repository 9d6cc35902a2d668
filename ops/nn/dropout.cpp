#include <gradus/graph/expansion.h>
#include <gradus/graph/number_text.h>
#include <gradus/graph/random.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/records.h>

#include <cmath>

namespace gradus {

namespace {

Shape mask_shape(const Call& call, const Axes& noise_shape) {
  if (noise_shape.empty()) return call.shape(0);
  Dims dims = call.shape(0).dims();
  bool fits = dims.size() == noise_shape.size();
  for (std::size_t axis = 0; fits && axis < dims.size(); ++axis) {
    const std::int64_t wanted = noise_shape[axis];
    fits = wanted == 1 || wanted == -1 || wanted == dims[axis];
    if (wanted == 1) dims[axis] = 1;
  }
  if (!fits) throw call.shape_error("noise_shape " + to_string(noise_shape) + " does not fit");
  return Shape(std::move(dims));
}

}  // namespace

Variable dropout(const Operand& x, Random& random, DropOptions options) {
  const Expansion op({.name = "dropout"}, {x});
  const double rate = options.rate;
  if (!(rate >= 0 && rate < 1)) throw op.value_error("rate must be in [0, 1), got " + scalar_text(rate));
  const Shape shape = mask_shape(op.call(), options.noise_shape);
  if (rate == 0) return op[0];
  Tensor mask = random.bernoulli(shape, 1 - rate, op[0].dtype());
  dispatch_floating(mask.dtype(), [&]<class T>() {
    const T scale = static_cast<T>(1 / (1 - rate));
    for (T *value = mask.raw<T>(), *end = value + mask.size(); value != end; ++value) *value *= scale;
  });
  return op.named(multiply(op[0], mask));
}

namespace records {

OpInfo dropout() {
  const auto by = [](const Shape& x, const DropOptions& options = {}) -> record::Case {
    return {"rate = " + std::to_string(options.rate) +
                (options.noise_shape.empty() ? "" : ", noise_shape = " + to_string(options.noise_shape)),
            {x},
            [=](std::span<const Variable> v) {
              Random random(5);  // the same draws in each call, or there would be nothing to differentiate
              return gradus::dropout(v[0], random, options);
            }};
  };
  OpInfo record =
      record::cases({.signature = "(x, random, {.rate, .noise_shape})",
                     .formula = "y = x mask / (1 - rate), the mask 1 with probability 1 - rate, else 0",
                     .gradient = "g mask / (1 - rate)",
                     .shapes = "any -> same",
                     .flops = 2},
                    [=](std::int64_t n) -> std::vector<record::Case> {
                      return {by({n, n}),
                              by({}, {.rate = 0.1}),
                              by({n}, {.rate = 0.9}),
                              by({2, n}, {.rate = 0}),
                              by({2, n, 3}, {.rate = 0.25}),
                              by({2, n, n, 2}, {.rate = 0.5, .noise_shape = {-1, 1, 1, 2}}),
                              by({n, 3}, {.rate = 0.5, .noise_shape = {1, 3}}),
                              by({0, 3}),
                              by({2, 0}, {.rate = 0.3})};
                    },
                    {{"rate must be in [0, 1), got 1.0", by({2, 3}, {.rate = 1})},
                     {"rate must be in [0, 1), got -0.5", by({2, 3}, {.rate = -0.5})},
                     {"rate must be in [0, 1), got nan", by({2, 3}, {.rate = NAN})},
                     {"noise_shape [3, 1] does not fit: x is [2, 3]", by({2, 3}, {.noise_shape = {3, 1}})},
                     {"noise_shape [1] does not fit: x is [2, 3]", by({2, 3}, {.noise_shape = {1}})}});
  record.random = true;
  return record;
}

}  // namespace records

}  // namespace gradus
