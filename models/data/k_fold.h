#pragma once

#include <gradus/graph/tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace gradus::data {

// scikit-learn's arguments and defaults.
struct KFoldOptions {
  std::int64_t n_splits = 5;
  bool shuffle = false;
  std::optional<std::int64_t> random_state = {};  // only with shuffle
};

// One way to divide the rows: each fold is the test set once. Both ascend.
struct Fold {
  std::vector<std::int64_t> train, test;
};

// Divides the rows of x [n, …] into n_splits folds of equal size (the first n % n_splits have one row more),
// as scikit-learn's KFold, to the same rows:
//   for (const auto& [train, test] : data::k_fold(x, {.n_splits = 5, .shuffle = true, .random_state = 0}))
//     model.fit(data::take_rows(x, train), data::take_rows(y, train));
// ValueError unless 2 <= n_splits <= n, and for a random_state without shuffle; ShapeError for a scalar.
std::vector<Fold> k_fold(const Tensor& x, const KFoldOptions& options = {});

// The same with each class of the labels y [n] (or rows [n, k] of them, such as one-hot ones) spread evenly
// over the folds, as scikit-learn's StratifiedKFold, to the same rows. A class with fewer samples than
// n_splits is missing from some folds; ValueError when every class has fewer.
std::vector<Fold> stratified_k_fold(const Tensor& y, const KFoldOptions& options = {});

}  // namespace gradus::data
