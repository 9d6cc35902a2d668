#include <gradus/graph/error.h>
#include <gradus/models/data/checks.h>
#include <gradus/models/data/classes.h>
#include <gradus/models/data/k_fold.h>
#include <gradus/models/data/random_state.h>

#include <algorithm>
#include <numeric>
#include <string>

namespace gradus::data {

namespace {

std::string check(const char* call, const KFoldOptions& options, std::int64_t n) {
  if (options.n_splits < 2 || options.n_splits > n) {
    throw ValueError(std::string(call) + ": n_splits must be from 2 to the " + std::to_string(n) +
                     " rows there are, got " + std::to_string(options.n_splits));
  }
  if (options.random_state && !options.shuffle) {
    throw ValueError(std::string(call) + ": random_state has no effect without shuffle");
  }
  return call;
}

// `fold_of` says in which fold's test set each row is.
std::vector<Fold> folds(const std::vector<std::int64_t>& fold_of, std::int64_t n_splits) {
  std::vector<Fold> result(static_cast<std::size_t>(n_splits));
  for (std::size_t row = 0; row < fold_of.size(); ++row) {
    for (std::size_t k = 0; k < result.size(); ++k) {
      Fold& fold = result[k];
      (fold_of[row] == static_cast<std::int64_t>(k) ? fold.test : fold.train)
          .push_back(static_cast<std::int64_t>(row));
    }
  }
  return result;
}

}  // namespace

std::vector<Fold> k_fold(const Tensor& x, const KFoldOptions& options) {
  const std::int64_t n = rows_of("k_fold", "x", x);
  check("k_fold", options, n);
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  if (options.shuffle) numpy::RandomState(options.random_state).shuffle(order);
  std::vector<std::int64_t> fold_of(order.size());
  auto row = order.begin();
  for (std::int64_t k = 0; k < options.n_splits; ++k) {
    const std::int64_t size = n / options.n_splits + (k < n % options.n_splits ? 1 : 0);
    for (std::int64_t i = 0; i < size; ++i) fold_of[static_cast<std::size_t>(*row++)] = k;
  }
  return folds(fold_of, options.n_splits);
}

std::vector<Fold> stratified_k_fold(const Tensor& y, const KFoldOptions& options) {
  const std::string call = check("stratified_k_fold", options, rows_of("stratified_k_fold", "y", y));
  const Classes classes(call, y);
  const std::int64_t largest = *std::max_element(classes.sizes().begin(), classes.sizes().end());
  if (largest < options.n_splits) {
    throw ValueError(call + ": n_splits is " + std::to_string(options.n_splits) +
                     ", more than the samples of any class: the largest has " + std::to_string(largest));
  }
  std::vector<std::vector<std::size_t>> members(classes.count());
  for (std::size_t i = 0; i < classes.codes().size(); ++i) {
    members[static_cast<std::size_t>(classes.codes()[i])].push_back(i);
  }
  // Classes in order of appearance; dealt out one after the other to the folds, so that test sets differ by
  // one sample at most. Within a class the folds then are blocks, or are shuffled.
  std::sort(members.begin(), members.end(),
            [](const auto& a, const auto& b) { return a.front() < b.front(); });
  numpy::RandomState random(options.shuffle ? options.random_state : 0);
  std::vector<std::int64_t> fold_of(classes.codes().size());
  std::size_t dealt = 0;
  for (const std::vector<std::size_t>& rows : members) {
    std::vector<std::int64_t> folds_of_class;
    for (std::size_t i = 0; i < rows.size(); ++i, ++dealt) {
      folds_of_class.push_back(static_cast<std::int64_t>(dealt) % options.n_splits);
    }
    std::sort(folds_of_class.begin(), folds_of_class.end());
    if (options.shuffle) random.shuffle(folds_of_class);
    for (std::size_t i = 0; i < rows.size(); ++i) fold_of[rows[i]] = folds_of_class[i];
  }
  return folds(fold_of, options.n_splits);
}

}  // namespace gradus::data
