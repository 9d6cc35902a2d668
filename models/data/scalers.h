#pragma once

#include <gradus/graph/tensor.h>

#include <array>

namespace gradus::data {

// What a scaler takes from each value of a column, and what it divides the rest by; both float64 and of the
// shape of one sample. The result is float32 for float32, float64 for any other dtype.
struct ColumnScale {
  Tensor offset = {};
  Tensor scale = {};

  // (x - offset) / scale for every row of x [n, …]. StateError before fit, ShapeError for rows of another
  // shape.
  Tensor transform(const Tensor& x) const;
  // x * scale + offset
  Tensor inverse_transform(const Tensor& x) const;
};

struct StandardScalerOptions {
  bool with_mean = true;
  bool with_std = true;
};

// Brings every column to mean 0 and standard deviation 1, as scikit-learn's StandardScaler: fitted on the
// training set, applied to that and the test set. The deviation is the population's (divided by n). NaNs
// count as missing and stay NaN. A column that is constant becomes 0.
class StandardScaler {
 public:
  explicit StandardScaler(StandardScalerOptions options = {}) : options_(options) {}

  // From x [n, …]. ShapeError for a scalar, ValueError for no rows or an infinite value.
  StandardScaler& fit(const Tensor& x);
  Tensor transform(const Tensor& x) const { return columns_.transform(x); }
  Tensor fit_transform(const Tensor& x) { return fit(x).transform(x); }
  Tensor inverse_transform(const Tensor& x) const { return columns_.inverse_transform(x); }

  const Tensor& mean() const { return columns_.offset; }  // zeros without with_mean; undefined before fit
  const Tensor& scale() const { return columns_.scale; }  // the deviations; 1 for a constant column

 private:
  StandardScalerOptions options_;
  ColumnScale columns_;
};

struct MinMaxScalerOptions {
  std::array<double, 2> feature_range = {0, 1};
};

// Brings every column to feature_range, as scikit-learn's MinMaxScaler. NaNs count as missing and stay NaN. A
// column that is constant becomes the range's lower end. Values beyond those fitted on fall outside the
// range.
class MinMaxScaler {
 public:
  // ValueError unless the range ascends and is finite.
  explicit MinMaxScaler(MinMaxScalerOptions options = {});

  MinMaxScaler& fit(const Tensor& x);  // throws as StandardScaler's
  Tensor transform(const Tensor& x) const { return columns_.transform(x); }
  Tensor fit_transform(const Tensor& x) { return fit(x).transform(x); }
  Tensor inverse_transform(const Tensor& x) const { return columns_.inverse_transform(x); }

 private:
  MinMaxScalerOptions options_;
  ColumnScale columns_;
};

struct Standardised {
  Tensor x_train, x_test;
};
// Both sets by the training set's means and deviations:
//   auto [train, test] = data::standardise(x_train, x_test);
Standardised standardise(const Tensor& x_train, const Tensor& x_test);
// One set by its own.
Tensor standardise(const Tensor& x);

}  // namespace gradus::data
