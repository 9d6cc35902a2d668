#include "values.h"

#include <gradus/gradus.h>

#include <algorithm>

// Broadcasting at sizes where it runs in pieces and on several threads, beside plain indexing.

namespace gradus {
namespace {

constexpr double kTolerance = 1e-5;  // of float32, relative

struct Case {
  Shape a, b;
};

class LargeBroadcast : public testing::TestWithParam<Case> {
 protected:
  ~LargeBroadcast() override { set_num_threads(threads_); }
  int threads_ = num_threads();
};

// Where in a tensor of `shape` the place `at` of a result takes its value from.
std::size_t source(const Shape& shape, const Shape& result, std::int64_t at) {
  std::int64_t place = 0, step = 1;
  for (std::int64_t axis = result.rank(); axis-- > 0; at /= result.dim(axis)) {
    const std::int64_t own = axis - (result.rank() - shape.rank());
    if (own < 0 || shape.dim(own) == 1) continue;
    place += at % result.dim(axis) * step;
    step *= shape.dim(own);
  }
  return static_cast<std::size_t>(place);
}

TEST_P(LargeBroadcast, IsPlainIndexing) {
  const Tensor a = Random(1).uniform(GetParam().a), b = Random(2).uniform(GetParam().b);
  const auto from_a = a.values<float>(), from_b = b.values<float>();
  for (const int threads : {1, 3}) {
    set_num_threads(threads);
    const Tensor difference = subtract(a, b).value(), mirrored = subtract(b, a).value();
    const Tensor chosen = where(less(a, b), a, b).value();
    const Shape& shape = difference.shape();
    for (std::int64_t at = 0; at < shape.elements(); ++at) {
      const float left = from_a[source(a.shape(), shape, at)], right = from_b[source(b.shape(), shape, at)];
      const auto i = static_cast<std::size_t>(at);
      ASSERT_EQ(difference.values<float>()[i], left - right) << "at " << at;
      ASSERT_EQ(mirrored.values<float>()[i], right - left) << "at " << at;
      ASSERT_EQ(chosen.values<float>()[i], std::min(left, right)) << "at " << at;
    }
  }
}

TEST_P(LargeBroadcast, GivesBackEachOperandsShare) {
  const Variable a(Random(1).uniform(GetParam().a), {.requires_grad = true});
  const Variable b(Random(2).uniform(GetParam().b), {.requires_grad = true});
  std::vector<double> da(static_cast<std::size_t>(a.value().size())),
      db(static_cast<std::size_t>(b.value().size()));
  const auto from_a = a.value().values<float>(), from_b = b.value().values<float>();
  const Shape shape = multiply(a, b).shape();
  for (std::int64_t at = 0; at < shape.elements(); ++at) {
    const std::size_t i = source(a.shape(), shape, at), j = source(b.shape(), shape, at);
    da[i] += from_b[j];
    db[j] += from_a[i];
  }
  const auto expect_near = [](const Variable& ours, const std::vector<double>& sums) {
    const std::vector<double> values = list(ours);
    for (std::size_t i = 0; i < sums.size(); ++i) {
      ASSERT_NEAR(values[i], sums[i], kTolerance * std::max(1.0, sums[i])) << i;
    }
  };
  const auto found = [&](int threads) {
    set_num_threads(threads);
    return gradients({sum(multiply(a, b))}, {a, b});
  };
  const Variables by_one = found(1), by_three = found(3);
  expect_near(by_one[0], da);
  expect_near(by_one[1], db);
  EXPECT_TRUE(identical(by_one[0].value(), by_three[0].value()));
  EXPECT_TRUE(identical(by_one[1].value(), by_three[1].value()));
}

INSTANTIATE_TEST_SUITE_P(Shapes, LargeBroadcast,
                         testing::Values(Case{{5000, 7, 3}, {3}}, Case{{5000, 7, 3}, {7, 1}},
                                         Case{{5000, 7, 3}, {5000, 1, 1}}, Case{{5000, 7, 3}, {5000, 1, 3}},
                                         Case{{700, 9, 31}, {31}}, Case{{20, 70, 100}, {100}},
                                         Case{{20, 70, 100}, {70, 1}}, Case{{20, 70, 100}, {20, 1, 100}},
                                         Case{{20, 1, 100}, {1, 70, 1}}, Case{{2, 100'001}, {2, 1}},
                                         Case{{2, 100'001}, {100'001}}, Case{{3, 1, 40'000}, {1, 2, 1}},
                                         Case{{100'001}, {}}, Case{{300, 1}, {301}},
                                         Case{{40'000, 1}, {1, 2}}, Case{{2, 3, 600, 20}, {3, 1, 20}}));

}  // namespace
}  // namespace gradus
