#include "values.h"

#include <gradus/gradus.h>

// Broadcasting at sizes where it runs in pieces and on several threads, beside plain indexing.

namespace gradus {
namespace {

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
  std::vector<Tensor> with_one_thread;
  for (const int threads : {1, 3}) {
    set_num_threads(threads);
    const Variable product = multiply(a, b);
    const Variables found = gradients({sum(product)}, {a, b});
    std::vector<double> da(static_cast<std::size_t>(a.value().size())),
        db(static_cast<std::size_t>(b.value().size()));
    const auto from_a = a.value().values<float>(), from_b = b.value().values<float>();
    for (std::int64_t at = 0; at < product.value().size(); ++at) {
      const std::size_t i = source(a.shape(), product.shape(), at),
                        j = source(b.shape(), product.shape(), at);
      da[i] += from_b[j];
      db[j] += from_a[i];
    }
    const auto expect = [](const Variable& ours, const std::vector<double>& sums) {
      const std::vector<double> values = list(ours);
      for (std::size_t i = 0; i < sums.size(); ++i) {
        ASSERT_NEAR(values[i], sums[i], 1e-5 * std::max(1.0, sums[i])) << i;
      }
    };
    expect(found[0], da);
    expect(found[1], db);
    if (threads == 1) {
      with_one_thread = {found[0].value(), found[1].value()};
    } else {
      EXPECT_TRUE(identical(found[0].value(), with_one_thread[0]));
      EXPECT_TRUE(identical(found[1].value(), with_one_thread[1]));
    }
  }
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
