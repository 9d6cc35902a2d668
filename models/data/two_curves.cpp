#include <gradus/graph/error.h>
#include <gradus/models/data/checks.h>
#include <gradus/models/data/linspace.h>
#include <gradus/models/data/random_state.h>
#include <gradus/models/data/take_rows.h>
#include <gradus/models/data/two_curves.h>

namespace gradus::data {

Curves two_curves(const std::string& call, const CurveOptions& options, const CurvePair& curves) {
  const std::int64_t first = options.n_samples.first(), second = options.n_samples.second();
  if (first < 0 || second < 0 || first + second == 0) {
    throw ValueError(call + ": n_samples must be positive, got " + std::to_string(first) + " and " +
                     std::to_string(second) + " for the two curves");
  }
  if (options.noise) require_spread(call, "noise", *options.noise);
  numpy::RandomState random(options.random_state);

  Tensor x = Tensor::empty({first + second, 2}, DType::float64);
  Tensor y = Tensor::empty({first + second}, DType::int64);
  double* out = x.raw<double>();
  std::int64_t* label = y.raw<std::int64_t>();
  const auto draw = [&](std::int64_t count, Point (*curve)(double, double), std::int64_t name) {
    const Tensor angles = linspace(0, curves.range, count, {.endpoint = curves.endpoint});
    for (const double angle : angles.values<double>()) {
      const Point point = curve(angle, curves.factor);
      *out++ = point.x;
      *out++ = point.y;
      *label++ = name;
    }
  };
  draw(first, curves.first, 0);
  draw(second, curves.second, 1);

  if (options.shuffle) {
    const std::vector<std::int64_t> order = random.permutation(x.dim(0));
    x = take_rows(x, order);
    y = take_rows(y, order);
  }
  if (options.noise) {
    for (double& value : x.mutable_values<double>()) value += random.normal(0, *options.noise);
  }
  return {x, y};
}

}  // namespace gradus::data
