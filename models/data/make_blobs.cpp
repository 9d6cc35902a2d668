#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/data/checks.h>
#include <gradus/models/data/make_blobs.h>
#include <gradus/models/data/random_state.h>
#include <gradus/models/data/take_rows.h>

#include <cmath>
#include <string>

namespace gradus::data {

namespace {

void check(const BlobsOptions& options) {
  require_positive("make_blobs", "n_samples", options.n_samples);
  require_positive("make_blobs", "n_features", options.n_features);
  require_positive("make_blobs", "centers", options.centers);
  require_spread("make_blobs", "cluster_std", options.cluster_std);
  if (!std::isfinite(options.center_box[1] - options.center_box[0])) {
    throw ValueError("make_blobs: center_box must be finite, got [" + scalar_text(options.center_box[0]) +
                     ", " + scalar_text(options.center_box[1]) + "]");
  }
}

}  // namespace

Blobs make_blobs(const BlobsOptions& options) {
  check(options);
  numpy::RandomState random(options.random_state);
  const Tensor centers =
      random.uniform(options.center_box[0], options.center_box[1], {options.centers, options.n_features});
  Tensor x = Tensor::empty({options.n_samples, options.n_features}, DType::float64);
  Tensor y = Tensor::empty({options.n_samples}, DType::int64);

  double* point = x.raw<double>();
  std::int64_t* label = y.raw<std::int64_t>();
  const double* center = centers.raw<double>();
  for (std::int64_t blob = 0; blob < options.centers; ++blob, center += options.n_features) {
    const bool one_more = blob < options.n_samples % options.centers;
    const std::int64_t count = options.n_samples / options.centers + (one_more ? 1 : 0);
    for (std::int64_t i = 0; i < count; ++i) {
      for (std::int64_t j = 0; j < options.n_features; ++j)
        *point++ = random.normal(center[j], options.cluster_std);
      *label++ = blob;
    }
  }
  if (!options.shuffle) return {x, y};
  const std::vector<std::int64_t> order = random.permutation(options.n_samples);
  return {take_rows(x, order), take_rows(y, order)};
}

}  // namespace gradus::data
