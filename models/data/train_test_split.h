#pragma once

#include <gradus/graph/tensor.h>

#include <concepts>
#include <cstdint>
#include <optional>

namespace gradus::data {

// The size of a part: `0.2` is a fraction of the rows, `100` a number of rows, `{}` what the other part
// leaves.
class PartSize {
 public:
  PartSize() = default;
  template <std::floating_point F>
  PartSize(F fraction) : fraction_(static_cast<double>(fraction)) {}  // NOLINT: implicit on purpose
  template <std::integral I>
  PartSize(I rows) : rows_(static_cast<std::int64_t>(rows)) {}  // NOLINT: implicit on purpose

  const std::optional<double>& fraction() const { return fraction_; }
  const std::optional<std::int64_t>& rows() const { return rows_; }
  bool given() const { return fraction_ || rows_; }

 private:
  std::optional<double> fraction_;
  std::optional<std::int64_t> rows_;
};

// scikit-learn's arguments and defaults: the test set takes a quarter when neither size is given. Without a
// random_state the split differs from run to run: the seed is then drawn from std::random_device.
struct SplitOptions {
  PartSize test_size = {};
  PartSize train_size = {};
  std::optional<std::int64_t> random_state = {};
  bool shuffle = true;
  Tensor stratify = {};  // labels [n], or rows [n, k] of them, whose classes both parts get in proportion
};

struct Split {
  Tensor x_train, x_test, y_train, y_test;
};

// Splits the rows of x and y alike, as scikit-learn's train_test_split does, to the same rows and order:
//   auto [x_train, x_test, y_train, y_test] = data::train_test_split(x, y, {.test_size = 0.2});
// x [n, …] and y [n, …] are of any dtype. A fraction gives the test set its rows rounded up, the training set
// rounded down. ShapeError for scalars or when x and y differ in rows; ValueError for a fraction outside (0,
// 1), a number of rows outside [1, n), sizes that pass n together, or an empty training set; with stratify
// also for a class of one sample, a part with fewer rows than classes, or without shuffle.
Split train_test_split(const Tensor& x, const Tensor& y, const SplitOptions& options = {});

}  // namespace gradus::data
