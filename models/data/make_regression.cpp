#include <gradus/models/data/checks.h>
#include <gradus/models/data/low_rank.h>
#include <gradus/models/data/make_regression.h>
#include <gradus/models/data/matrix_product.h>
#include <gradus/models/data/random_state.h>
#include <gradus/models/data/take_columns.h>
#include <gradus/models/data/take_rows.h>

#include <algorithm>

namespace gradus::data {

namespace {

void check(const RegressionOptions& options) {
  const char* call = "make_regression";
  require_positive(call, "n_samples", options.n_samples);
  require_positive(call, "n_features", options.n_features);
  require_positive(call, "n_informative", options.n_informative);
  require_positive(call, "n_targets", options.n_targets);
  require_finite(call, "bias", options.bias);
  if (options.effective_rank) require_positive(call, "effective_rank", *options.effective_rank);
  require_share(call, "tail_strength", options.tail_strength);
  require_spread(call, "noise", options.noise);
}

// [n, 1] as [n]
Tensor squeezed(const Tensor& x) { return x.dim(1) == 1 ? x.reshape({x.dim(0)}) : x; }

}  // namespace

Regression make_regression(const RegressionOptions& options) {
  check(options);
  numpy::RandomState random(options.random_state);
  const std::int64_t n = options.n_samples, features = options.n_features, targets = options.n_targets;
  Tensor x = options.effective_rank
                 ? low_rank({n, features, *options.effective_rank, options.tail_strength}, random)
                 : random.normal(0, 1, {n, features});

  Tensor coefficients = Tensor::zeros({features, targets}, DType::float64);
  const std::int64_t informative = std::min(features, options.n_informative) * targets;
  for (std::int64_t i = 0; i < informative; ++i) coefficients.raw<double>()[i] = 100 * random.uniform();

  Tensor y = matrix_product(x, coefficients);
  for (double& value : y.mutable_values<double>()) value += options.bias;
  if (options.noise > 0) {
    for (double& value : y.mutable_values<double>()) value += random.normal(0, options.noise);
  }
  if (options.shuffle) {
    const std::vector<std::int64_t> order = random.permutation(n);
    x = take_rows(x, order);
    y = take_rows(y, order);
    const std::vector<std::int64_t> columns = random.permutation(features);
    x = take_columns(x, columns);
    coefficients = take_rows(coefficients, columns);
  }
  if (options.coef != nullptr) *options.coef = squeezed(coefficients);
  return {x, squeezed(y)};
}

}  // namespace gradus::data
