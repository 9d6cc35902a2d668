#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/data/random_state.h>
#include <gradus/models/data/stratified.h>
#include <gradus/models/data/take_rows.h>
#include <gradus/models/data/train_test_split.h>

#include <cmath>
#include <numeric>
#include <span>
#include <string>

namespace gradus::data {

namespace {

std::string text(const PartSize& size) {
  if (size.fraction()) return scalar_text(*size.fraction());
  return size.rows() ? std::to_string(*size.rows()) : "none";
}

void check(const char* name, const PartSize& size, std::int64_t n) {
  const bool bad_fraction = size.fraction() && !(*size.fraction() > 0 && *size.fraction() < 1);
  const bool bad_rows = size.rows() && (*size.rows() < 1 || *size.rows() >= n);
  if (bad_fraction || bad_rows) {
    throw ValueError(std::string("train_test_split: ") + name +
                     " must be a fraction inside (0, 1) or a number of rows from 1 to one less than the " +
                     std::to_string(n) + " there are, got " + text(size));
  }
}

struct Rows {
  std::int64_t train = 0, test = 0;
};

Rows part_rows(const PartSize& test, const PartSize& train, std::int64_t n) {
  check("test_size", test, n);
  check("train_size", train, n);
  const auto size = static_cast<double>(n);
  Rows rows;
  if (test.given()) {
    rows.test = test.rows() ? *test.rows() : static_cast<std::int64_t>(std::ceil(*test.fraction() * size));
  }
  if (train.given()) {
    rows.train =
        train.rows() ? *train.rows() : static_cast<std::int64_t>(std::floor(*train.fraction() * size));
  }
  if (!train.given()) rows.train = n - rows.test;
  if (!test.given()) rows.test = n - rows.train;
  const bool fractions_pass_one =
      test.fraction() && train.fraction() && *test.fraction() + *train.fraction() > 1;
  if (rows.test + rows.train > n || fractions_pass_one) {
    throw ValueError("train_test_split: test_size " + text(test) + " and train_size " + text(train) +
                     " together take more than the " + std::to_string(n) + " rows there are");
  }
  if (rows.train == 0) {
    throw ValueError("train_test_split: of " + std::to_string(n) + " rows with test_size " + text(test) +
                     " and train_size " + text(train) + " none is left to train on");
  }
  return rows;
}

}  // namespace

Split train_test_split(const Tensor& x, const Tensor& y, const SplitOptions& options) {
  x.require_defined();
  y.require_defined();
  if (x.rank() == 0 || y.rank() == 0) {
    throw ShapeError("train_test_split: needs rows, x is " + to_string(x.shape()) + ", y is " +
                     to_string(y.shape()));
  }
  const std::int64_t n = x.dim(0);
  if (y.dim(0) != n) {
    throw ShapeError("train_test_split: x has " + std::to_string(n) + " rows, y has " +
                     std::to_string(y.dim(0)));
  }
  PartSize test_size = options.test_size;
  if (!test_size.given() && !options.train_size.given()) test_size = 0.25;
  const Rows rows = part_rows(test_size, options.train_size, n);

  if (options.stratify.defined()) {
    if (!options.shuffle) throw ValueError("train_test_split: stratify needs shuffle");
    if (options.stratify.rank() == 0 || options.stratify.dim(0) != n) {
      throw ShapeError("train_test_split: stratify is " + to_string(options.stratify.shape()) +
                       ", it needs a label for each of the " + std::to_string(n) + " rows");
    }
    numpy::RandomState random(options.random_state);
    const StratifiedRows parts = stratified_rows(options.stratify, rows.train, rows.test, random);
    return {take_rows(x, parts.train), take_rows(x, parts.test), take_rows(y, parts.train),
            take_rows(y, parts.test)};
  }
  const auto train_count = static_cast<std::size_t>(rows.train),
             test_count = static_cast<std::size_t>(rows.test);
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  if (options.shuffle) numpy::RandomState(options.random_state).shuffle(order);
  // Shuffled, the test set comes first; in order, it comes last.
  const std::span<const std::int64_t> all = order;
  const auto test = all.subspan(options.shuffle ? 0 : train_count, test_count);
  const auto train = all.subspan(options.shuffle ? test_count : 0, train_count);
  return {take_rows(x, train), take_rows(x, test), take_rows(y, train), take_rows(y, test)};
}

}  // namespace gradus::data
