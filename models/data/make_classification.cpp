#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/data/checks.h>
#include <gradus/models/data/hypercube.h>
#include <gradus/models/data/make_classification.h>
#include <gradus/models/data/matrix_product.h>
#include <gradus/models/data/take_columns.h>
#include <gradus/models/data/take_rows.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace gradus::data {

namespace {

constexpr const char* kCall = "make_classification";

void require_count(const char* name, std::int64_t value) {
  if (value < 0) {
    throw ValueError(std::string(kCall) + ": " + name + " must not be negative, got " +
                     std::to_string(value));
  }
}

void check_features(const char* name, const FeatureValues& given, std::int64_t features) {
  if (!given.values()) return;
  if (given.for_each() && static_cast<std::int64_t>(given.values()->size()) != features) {
    throw ValueError(std::string(kCall) + ": " + name + " has " + std::to_string(given.values()->size()) +
                     " values for " + std::to_string(features) + " features");
  }
  for (const double value : *given.values()) require_finite(kCall, name, value);
}

void check(const ClassificationOptions& options) {
  require_positive(kCall, "n_samples", options.n_samples);
  require_positive(kCall, "n_features", options.n_features);
  require_positive(kCall, "n_informative", options.n_informative);
  require_count("n_redundant", options.n_redundant);
  require_count("n_repeated", options.n_repeated);
  require_positive(kCall, "n_classes", options.n_classes);
  require_positive(kCall, "n_clusters_per_class", options.n_clusters_per_class);
  require_share(kCall, "flip_y", options.flip_y);
  require_spread(kCall, "class_sep", options.class_sep);
  check_features("shift", options.shift, options.n_features);
  check_features("scale", options.scale, options.n_features);
  const std::int64_t useful = options.n_informative + options.n_redundant + options.n_repeated;
  if (useful > options.n_features) {
    throw ValueError(std::string(kCall) + ": n_informative + n_redundant + n_repeated is " +
                     std::to_string(useful) + ", more than the " + std::to_string(options.n_features) +
                     " of n_features");
  }
  const double clusters =
      static_cast<double>(options.n_classes) * static_cast<double>(options.n_clusters_per_class);
  if (static_cast<double>(options.n_informative) < std::log2(clusters)) {
    throw ValueError(std::string(kCall) + ": n_classes * n_clusters_per_class is " +
                     std::to_string(options.n_classes * options.n_clusters_per_class) +
                     ", more than the 2^n_informative = 2^" + std::to_string(options.n_informative) +
                     " corners there are");
  }
}

std::vector<double> class_shares(const ClassificationOptions& options) {
  const auto classes = static_cast<std::size_t>(options.n_classes);
  if (options.weights.empty()) return std::vector<double>(classes, 1.0 / static_cast<double>(classes));
  std::vector<double> shares = options.weights;
  if (shares.size() != classes && shares.size() + 1 != classes) {
    throw ValueError(std::string(kCall) + ": there are " + std::to_string(shares.size()) + " weights for " +
                     std::to_string(classes) + " classes; give one each, or leave out the last");
  }
  for (const double share : shares) require_spread(kCall, "a weight", share);
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (sum > 1 + 1e-9) {
    throw ValueError(std::string(kCall) + ": the weights sum up to " + scalar_text(sum) + ", more than 1");
  }
  if (shares.size() != classes) shares.push_back(1.0 - sum);
  return shares;
}

std::vector<std::int64_t> cluster_sizes(const ClassificationOptions& options) {
  const std::vector<double> shares = class_shares(options);
  const std::int64_t clusters = options.n_classes * options.n_clusters_per_class;
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(clusters));
  std::int64_t left = options.n_samples;
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    sizes[k] = static_cast<std::int64_t>(static_cast<double>(options.n_samples) * shares[k % shares.size()] /
                                         static_cast<double>(options.n_clusters_per_class));
    left -= sizes[k];
  }
  for (std::size_t i = 0; left > 0; ++i, --left) ++sizes[i % sizes.size()];
  return sizes;
}

Tensor corners(const ClassificationOptions& options, std::int64_t clusters, numpy::RandomState& random) {
  Tensor result = hypercube_corners(clusters, options.n_informative, random);
  for (double& value : result.mutable_values<double>()) {
    value = value * (2 * options.class_sep) - options.class_sep;
  }
  if (options.hypercube) return result;
  const Tensor rows = random.uniform(0, 1, {clusters}), columns = random.uniform(0, 1, {result.dim(1)});
  double* out = result.raw<double>();
  for (const double row : rows.values<double>()) {
    for (const double column : columns.values<double>()) {
      *out = *out * row * column;
      ++out;
    }
  }
  return result;
}

// 2 u - 1 for uniform u
Tensor combination(std::int64_t rows, std::int64_t columns, numpy::RandomState& random) {
  Tensor result = random.uniform(0, 1, {rows, columns});
  for (double& value : result.mutable_values<double>()) value = 2 * value - 1;
  return result;
}

// The matrices side by side: each [n, k_i].
Tensor beside(const std::vector<Tensor>& parts, std::int64_t width) {
  Tensor result = Tensor::empty({parts.front().dim(0), width}, DType::float64);
  std::int64_t at = 0;
  for (const Tensor& part : parts) {
    const std::int64_t columns = part.dim(1);
    for (std::int64_t i = 0; i < part.dim(0); ++i) {
      std::copy_n(part.raw<double>() + i * columns, columns, result.raw<double>() + i * width + at);
    }
    at += columns;
  }
  return result;
}

// Each cluster's points, mixed by a matrix of its own and moved to its corner.
Tensor informative_features(const ClassificationOptions& options, Tensor& y, numpy::RandomState& random) {
  const std::vector<std::int64_t> sizes = cluster_sizes(options);
  const Tensor centers = corners(options, static_cast<std::int64_t>(sizes.size()), random);
  const std::int64_t width = options.n_informative;
  Tensor x = random.normal(0, 1, {options.n_samples, width});
  std::int64_t begin = 0;
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    const std::int64_t end = begin + sizes[k];
    const Tensor mixed = matrix_product(x.rows(begin, end), combination(width, width, random));
    const double* center = centers.raw<double>() + static_cast<std::int64_t>(k) * width;
    for (std::int64_t i = 0; i < mixed.size(); ++i) {
      x.raw<double>()[begin * width + i] = mixed.raw<double>()[i] + center[i % width];
    }
    std::fill(y.raw<std::int64_t>() + begin, y.raw<std::int64_t>() + end,
              static_cast<std::int64_t>(k) % options.n_classes);
    begin = end;
  }
  return x;
}

void flip(double share, std::int64_t classes, Tensor& y, numpy::RandomState& random) {
  const Tensor draws = random.uniform(0, 1, y.shape());
  for (std::int64_t i = 0; i < y.size(); ++i) {
    if (draws.raw<double>()[i] < share) y.raw<std::int64_t>()[i] = random.randint(0, classes);
  }
}

std::vector<double> drawn_or_given(const FeatureValues& given, std::int64_t features,
                                   numpy::RandomState& random, double (*of)(double draw, double factor),
                                   double factor) {
  const auto count = static_cast<std::size_t>(features);
  if (given.values()) return given.for_each() ? *given.values() : std::vector(count, given.values()->front());
  std::vector<double> values(count);
  for (double& value : values) value = of(random.uniform(), factor);
  return values;
}

}  // namespace

Classification make_classification(const ClassificationOptions& options) {
  check(options);
  numpy::RandomState random(options.random_state);
  const std::int64_t features = options.n_features;
  Tensor y = Tensor::empty({options.n_samples}, DType::int64);
  const Tensor informative = informative_features(options, y, random);

  std::vector<Tensor> parts = {informative};
  std::int64_t useful = options.n_informative + options.n_redundant;
  if (options.n_redundant > 0) {
    parts.push_back(
        matrix_product(informative, combination(options.n_informative, options.n_redundant, random)));
  }
  if (options.n_repeated > 0) {
    std::vector<std::int64_t> columns(static_cast<std::size_t>(options.n_repeated));
    for (std::int64_t& column : columns) {
      column = static_cast<std::int64_t>(static_cast<double>(useful - 1) * random.uniform() + 0.5);
    }
    parts.push_back(take_columns(beside(parts, useful), columns));
    useful += options.n_repeated;
  }
  if (useful < features) parts.push_back(random.normal(0, 1, {options.n_samples, features - useful}));
  Tensor x = beside(parts, features);

  flip(options.flip_y, options.n_classes, y, random);
  const std::vector<double> shift = drawn_or_given(
      options.shift, features, random, [](double u, double separation) { return (2 * u - 1) * separation; },
      options.class_sep);
  const std::vector<double> scale = drawn_or_given(
      options.scale, features, random, [](double u, double hundred) { return 1 + hundred * u; }, 100);
  double* value = x.raw<double>();
  for (std::int64_t i = 0; i < options.n_samples; ++i) {
    for (std::size_t j = 0; j < shift.size(); ++j, ++value) *value = (*value + shift[j]) * scale[j];
  }
  if (!options.shuffle) return {x, y};
  const std::vector<std::int64_t> order = random.permutation(options.n_samples);
  const std::vector<std::int64_t> columns = random.permutation(features);
  return {take_columns(take_rows(x, order), columns), take_rows(y, order)};
}

}  // namespace gradus::data
