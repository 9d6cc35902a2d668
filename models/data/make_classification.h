#pragma once

#include <gradus/graph/tensor.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace gradus::data {

// One number for all features, one for each, or `std::nullopt`: drawn at random.
class FeatureValues {
 public:
  template <class N>
  requires std::is_arithmetic_v<N> FeatureValues(N all)  // NOLINT: implicit on purpose
      : values_(std::vector<double>{static_cast<double>(all)}) {}
  FeatureValues(std::vector<double> each) : values_(std::move(each)), each_(true) {}  // NOLINT: implicit
  FeatureValues(std::initializer_list<double> each) : FeatureValues(std::vector<double>(each)) {}
  FeatureValues(std::nullopt_t) {}  // NOLINT: implicit on purpose

  const std::optional<std::vector<double>>& values() const { return values_; }
  bool for_each() const { return each_; }

 private:
  std::optional<std::vector<double>> values_;
  bool each_ = false;
};

// scikit-learn's arguments and defaults.
struct ClassificationOptions {
  std::int64_t n_samples = 100;
  std::int64_t n_features = 20;
  std::int64_t n_informative = 2;
  std::int64_t n_redundant = 2;  // linear combinations of the informative features
  std::int64_t n_repeated = 0;   // copies of informative and redundant features
  std::int64_t n_classes = 2;
  std::int64_t n_clusters_per_class = 2;
  std::vector<double> weights = {};  // the share of each class, or of all but the last; equal unless given
  double flip_y = 0.01;              // the share of samples whose class is drawn anew
  double class_sep = 1.0;
  bool hypercube = true;  // clusters at the corners of a cube; of a random polytope otherwise
  FeatureValues shift = 0.0;
  FeatureValues scale = 1.0;  // multiplied after the shift
  bool shuffle = true;
  std::optional<std::int64_t> random_state = {};
};

struct Classification {
  Tensor x;  // float64 [n_samples, n_features]
  Tensor y;  // int64 [n_samples]
};

// Clusters of normal points around the corners of a cube, with features that say nothing, repeat or combine
// others, as scikit-learn's make_classification ("Madelon", Guyon 2003): the draws and y are its bits; x is
// the same up to the rounding of sums, which depends on the BLAS that NumPy runs on. ValueError for numbers
// that do not fit together: more useful features than features, more clusters than corners, weights that
// are not one a class, negative, or pass 1 together.
Classification make_classification(const ClassificationOptions& options = {});

}  // namespace gradus::data
