#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/data/checks.h>
#include <gradus/models/data/scalers.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace gradus::data {

namespace {

Shape sample_shape(const Tensor& x) { return Shape(std::span(x.shape().begin() + 1, x.shape().end())); }

DType result_dtype(DType dtype) { return dtype == DType::float32 ? DType::float32 : DType::float64; }

// Calls f(value, column) for all that is not NaN.
template <class F>
void for_each_value(const char* call, const Tensor& x, F f) {
  if (rows_of(call, "x", x) == 0) {
    throw ValueError(std::string(call) + ": there are no rows to fit to: x is " + to_string(x.shape()));
  }
  const auto width = static_cast<std::size_t>(x.size() / x.dim(0));
  dispatch(x.dtype(), [&]<class T>() {
    const auto values = x.values<T>();
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto value = static_cast<double>(values[i]);
      if (std::isinf(value)) {
        throw ValueError(std::string(call) + ": x has " + scalar_text(value) + " in row " +
                         std::to_string(i / width) + ", column " + std::to_string(i % width));
      }
      if (!std::isnan(value)) f(value, i % width);
    }
  });
}

template <class F>
Tensor by_columns(const char* call, const Tensor& x, const ColumnScale& columns, F f) {
  if (!columns.offset.defined()) throw StateError(std::string(call) + ": the scaler has not been fitted");
  rows_of(call, "x", x);
  if (sample_shape(x) != columns.offset.shape()) {
    throw ShapeError(std::string(call) + ": x is " + to_string(x.shape()) +
                     ", the scaler was fitted to rows of shape " + to_string(columns.offset.shape()));
  }
  Tensor result = Tensor::empty(x.shape(), result_dtype(x.dtype()));
  const auto width = static_cast<std::size_t>(columns.offset.size());
  const auto offset = columns.offset.values<double>(), scale = columns.scale.values<double>();
  dispatch(x.dtype(), [&]<class T>() {
    dispatch_floating(result.dtype(), [&]<class R>() {
      const auto values = x.values<T>();
      R* out = result.raw<R>();
      for (std::size_t i = 0; i < values.size(); ++i) {
        out[i] = static_cast<R>(f(static_cast<double>(values[i]), offset[i % width], scale[i % width]));
      }
    });
  });
  return result;
}

// A column's sums are taken about its first value: a constant column then has exactly that mean and no
// deviation, and large means cost no digits.
struct Moments {
  double first = std::numeric_limits<double>::quiet_NaN();
  double count = 0;
  double sum = 0;  // of x - first
  double mean() const { return first + sum / count; }
};

}  // namespace

Tensor ColumnScale::transform(const Tensor& x) const {
  return by_columns("transform", x, *this, [](double value, double o, double s) { return (value - o) / s; });
}

Tensor ColumnScale::inverse_transform(const Tensor& x) const {
  return by_columns("inverse_transform", x, *this,
                    [](double value, double o, double s) { return value * s + o; });
}

StandardScaler& StandardScaler::fit(const Tensor& x) {
  const char* call = "StandardScaler";
  const std::int64_t rows = rows_of(call, "x", x);
  std::vector<Moments> moments(rows == 0 ? 0 : static_cast<std::size_t>(x.size() / rows));
  for_each_value(call, x, [&](double value, std::size_t column) {
    Moments& m = moments[column];
    if (m.count++ == 0) m.first = value;
    m.sum += value - m.first;
  });
  std::vector<double> squares(moments.size());
  for_each_value(call, x, [&](double value, std::size_t column) {
    const double distance = value - moments[column].mean();
    squares[column] += distance * distance;
  });
  ColumnScale columns = {Tensor::zeros(sample_shape(x), DType::float64),
                         Tensor::ones(sample_shape(x), DType::float64)};
  for (std::size_t j = 0; j < moments.size(); ++j) {
    const double deviation = std::sqrt(squares[j] / moments[j].count);
    if (options_.with_mean) columns.offset.raw<double>()[j] = moments[j].mean();
    if (options_.with_std && deviation != 0) columns.scale.raw<double>()[j] = deviation;
  }
  columns_ = columns;
  return *this;
}

MinMaxScaler::MinMaxScaler(MinMaxScalerOptions options) : options_(options) {
  const auto [low, high] = options.feature_range;
  if (!(low < high) || !std::isfinite(high - low)) {
    throw ValueError("MinMaxScaler: feature_range must ascend and be finite, got [" + scalar_text(low) +
                     ", " + scalar_text(high) + "]");
  }
}

MinMaxScaler& MinMaxScaler::fit(const Tensor& x) {
  const char* call = "MinMaxScaler";
  const std::int64_t rows = rows_of(call, "x", x);
  const auto width = rows == 0 ? std::size_t{0} : static_cast<std::size_t>(x.size() / rows);
  std::vector<double> least(width, std::numeric_limits<double>::infinity());
  std::vector<double> most(width, -std::numeric_limits<double>::infinity());
  for_each_value(call, x, [&](double value, std::size_t column) {
    least[column] = std::min(least[column], value);
    most[column] = std::max(most[column], value);
  });
  const auto [low, high] = options_.feature_range;
  ColumnScale columns = {Tensor::zeros(sample_shape(x), DType::float64),
                         Tensor::ones(sample_shape(x), DType::float64)};
  for (std::size_t j = 0; j < width; ++j) {
    const double range = most[j] - least[j];
    // (x - least) * (high - low) / range + low, as an offset and a divisor
    const double scale = (range > 0 ? range : 1) / (high - low);
    columns.scale.raw<double>()[j] = scale;
    // A column of NaNs only has neither.
    columns.offset.raw<double>()[j] = range >= 0 ? least[j] - low * scale : std::nan("");
  }
  columns_ = columns;
  return *this;
}

Standardised standardise(const Tensor& x_train, const Tensor& x_test) {
  StandardScaler scaler;
  scaler.fit(x_train);
  return {scaler.transform(x_train), scaler.transform(x_test)};
}

Tensor standardise(const Tensor& x) { return StandardScaler().fit_transform(x); }

}  // namespace gradus::data
