#include "values.h"

#include <gradus/gradus.h>

#include <algorithm>
#include <numeric>

// Reductions at sizes where they run in stretches, in blocks of rows and on several threads, beside plain
// loops.

namespace gradus {
namespace {

// [outer, extent, inner], of which the middle is reduced.
struct Case {
  std::int64_t outer, extent, inner;
};
constexpr Case kCases[] = {{1, 300'001, 1}, {3, 70'000, 1}, {700, 33, 1},   {1, 5000, 3}, {2, 333, 31},
                           {1, 1031, 257},  {5, 9, 700},    {1, 3000, 100}, {4000, 3, 2}, {1, 64, 8192},
                           {1, 7, 40'000},  {1, 50, 4},     {1, 9, 2},      {1, 1003, 8}, {1, 6, 4}};

// The values of each group in order.
std::vector<std::vector<double>> groups(const Tensor& x) {
  const std::int64_t outer = x.dim(0), extent = x.dim(1), inner = x.dim(2);
  std::vector<std::vector<double>> result(static_cast<std::size_t>(outer * inner));
  const auto values = x.values<float>();
  for (std::int64_t at = 0; at < x.size(); ++at) {
    const std::int64_t o = at / (extent * inner), j = at % inner;
    result[static_cast<std::size_t>(o * inner + j)].push_back(values[static_cast<std::size_t>(at)]);
  }
  return result;
}

using Reduction = std::function<Variable(const Variable&)>;

class LargeReduction : public testing::TestWithParam<Case> {
 protected:
  ~LargeReduction() override { set_num_threads(threads_); }
  Tensor drawn(double low, double high) const {
    const Case& c = GetParam();
    return Random(7).uniform({c.outer, c.extent, c.inner}, {low, high});
  }
  // Compares y = reduction(x) with value(group), and dx for a gradient of ones with slope(group, i).
  template <class Value, class Slope>
  void expect(const Tensor& x, const Reduction& reduction, const Value& value, const Slope& slope) {
    const Variable at(x, {.requires_grad = true});
    const Variable y = reduction(at);
    const Tensor dx = gradient(sum(y), at).value();
    const auto of = groups(x), slopes = groups(dx);
    const std::vector<double> ours = list(y);
    for (std::size_t k = 0; k < of.size(); ++k) {
      const double wanted = value(of[k]);
      ASSERT_NEAR(ours[k], wanted, 1e-5 * std::max(1.0, std::abs(wanted))) << "group " << k;
      for (std::size_t i = 0; i < of[k].size(); i += 1 + of[k].size() / 50) {
        const double wanted_slope = slope(of[k], i);
        ASSERT_NEAR(slopes[k][i], wanted_slope, 1e-5 * std::max(1.0, std::abs(wanted_slope)));
      }
    }
  }

 private:
  int threads_ = num_threads();
};
INSTANTIATE_TEST_SUITE_P(Sizes, LargeReduction, testing::ValuesIn(kCases));

double total(const std::vector<double>& x) { return std::accumulate(x.begin(), x.end(), 0.0); }
double average(const std::vector<double>& x) { return total(x) / static_cast<double>(x.size()); }
double spread_of(const std::vector<double>& x) {
  const double middle = average(x);
  double result = 0;
  for (const double value : x) result += (value - middle) * (value - middle);
  return result / static_cast<double>(x.size());
}

TEST_P(LargeReduction, SumAndVarianceAreExact) {
  const Tensor x = drawn(0, 1);
  expect(
      x, [](const Variable& v) { return sum(v, {.axis = 1}); }, total,
      [](const auto&, std::size_t) { return 1.0; });
  expect(
      x, [](const Variable& v) { return var(v, {.axis = 1}); }, spread_of,
      [](const std::vector<double>& of, std::size_t i) {
        return 2 * (of[i] - average(of)) / static_cast<double>(of.size());
      });
}

TEST_P(LargeReduction, TiesShareTheGradientOfTheExtreme) {
  const Tensor x = floor(Variable(drawn(0, 50))).value();
  const auto ties = [](const std::vector<double>& of, double chosen) {
    return static_cast<double>(std::count(of.begin(), of.end(), chosen));
  };
  expect(
      x, [](const Variable& v) { return max(v, {.axis = 1}); },
      [](const auto& of) { return *std::ranges::max_element(of); },
      [&](const auto& of, std::size_t i) {
        const double most = *std::ranges::max_element(of);
        return of[i] == most ? 1 / ties(of, most) : 0.0;
      });
  expect(
      x, [](const Variable& v) { return min(v, {.axis = 1}); },
      [](const auto& of) { return *std::ranges::min_element(of); },
      [&](const auto& of, std::size_t i) {
        const double least = *std::ranges::min_element(of);
        return of[i] == least ? 1 / ties(of, least) : 0.0;
      });
}

TEST_P(LargeReduction, NormAndLogSumExpAreExact) {
  const Tensor x = drawn(-2, 2);
  const auto length = [](const std::vector<double>& of) {
    return std::sqrt(std::inner_product(of.begin(), of.end(), of.begin(), 0.0));
  };
  expect(
      x, [](const Variable& v) { return norm(v, {.axis = 1}); }, length,
      [&](const auto& of, std::size_t i) { return of[i] / length(of); });
  const auto log_sum = [](const std::vector<double>& of) {
    double result = 0;
    for (const double value : of) result += std::exp(value);
    return std::log(result);
  };
  expect(
      x, [](const Variable& v) { return logsumexp(v, {.axis = 1}); }, log_sum,
      [&](const auto& of, std::size_t i) { return std::exp(of[i] - log_sum(of)); });
}

TEST_P(LargeReduction, ProductHasItsGradientWithZerosToo) {
  // The more factors, the closer to one, so that the product stays within range.
  const double off = 0.2 * std::sqrt(40 / static_cast<double>(std::max<std::int64_t>(40, GetParam().extent)));
  Tensor x = drawn(1 - off, 1 + off);
  x.set({0, 1, 0}, 0);
  const auto product = [](const std::vector<double>& of) {
    return std::accumulate(of.begin(), of.end(), 1.0, std::multiplies<>());
  };
  expect(
      x, [](const Variable& v) { return prod(v, {.axis = 1}); }, product,
      [&](std::vector<double> of, std::size_t i) {
        of[i] = 1;
        return product(of);
      });
}

TEST_P(LargeReduction, PositionsAreThoseOfTheFirstExtreme) {
  const Tensor x = floor(Variable(drawn(0, 50))).value();
  const auto of = groups(x);
  const std::vector<double> largest = list(argmax(x, {.axis = 1})), least = list(argmin(x, {.axis = 1}));
  for (std::size_t k = 0; k < of.size(); ++k) {
    ASSERT_EQ(largest[k], static_cast<double>(std::ranges::max_element(of[k]) - of[k].begin()));
    ASSERT_EQ(least[k], static_cast<double>(std::ranges::min_element(of[k]) - of[k].begin()));
  }
}

TEST_P(LargeReduction, ScansAndSortsEachLine) {
  const Tensor x = floor(Variable(drawn(-20, 20))).value();
  const auto of = groups(x), sums = groups(cumsum(x, {.axis = 1}).value()),
             sorted = groups(sort(x, {.axis = 1}).value());
  for (std::size_t k = 0; k < of.size(); ++k) {
    std::vector<double> wanted(of[k].size());
    std::partial_sum(of[k].begin(), of[k].end(), wanted.begin());
    ASSERT_EQ(sums[k], wanted);
    wanted = of[k];
    std::ranges::sort(wanted);
    ASSERT_EQ(sorted[k], wanted);
  }
}

TEST_P(LargeReduction, HasTheSameBitsForAnyNumberOfThreads) {
  const Tensor x = drawn(-1, 1);
  const auto all = [&] {
    const Variable at(x, {.requires_grad = true});
    const Variable y = add(add(sum(at, {.axis = 1}), var(at, {.axis = 1})),
                           add(norm(at, {.axis = 1}), max(at, {.axis = 1})));
    return std::pair(y.value(), gradient(sum(y), at).value());
  };
  set_num_threads(1);
  const auto [y, dx] = all();
  set_num_threads(3);
  const auto [same_y, same_dx] = all();
  EXPECT_TRUE(identical(y, same_y));
  EXPECT_TRUE(identical(dx, same_dx));
}

TEST(Reduction, AProductOfManyFactorsAroundOneIsOne) {
  std::vector<float> factors(8000);
  for (std::size_t i = 0; i < factors.size(); ++i) factors[i] = i % 2 == 0 ? 2 : 0.5;
  EXPECT_EQ(prod(Tensor(factors)).item(), 1);
}

TEST(Reduction, SumsOfColumnsAreTakenInFloat64) {
  for (const std::int64_t n : {2, 3, 4, 8}) {
    const Variable huge(Tensor::full({512, n}, 3e37)), small(Tensor::full({77, n}, 0.1, DType::float64));
    EXPECT_THAT(list(mean(huge, {.axis = 0})), testing::Each(testing::DoubleNear(3e37, 1e31))) << n;
    EXPECT_THAT(list(sum(small, {.axis = 0})), testing::Each(testing::DoubleNear(7.7, 1e-13))) << n;
  }
}

TEST(Softmax, OfShortRowsIsExactAtEverySize) {
  Random random(11);
  for (std::int64_t n = 2; n <= 9; ++n) {
    for (const std::int64_t rows : {1, 3, 4, 7, 8, 16, 21}) {
      const Tensor x = random.uniform({rows, n}, {-9, 9}), labels = random.integers({rows}, 0, n);
      const auto loss = [&](const Variable& z) {
        return sum(sparse_categorical_crossentropy(labels, z, {.from_logits = true, .reduction = "none"}) *
                   Tensor::arange(rows, z.dtype()));
      };
      const Variable z(x, {.requires_grad = true}), exact(x.cast(DType::float64), {.requires_grad = true});
      const std::vector<double> log_sums = list(logsumexp(exact, {.axis = -1, .keepdims = true}));
      const std::vector<double> shares = list(softmax(z)), slopes = list(gradient(loss(z), z));
      for (std::size_t i = 0; i < shares.size(); ++i) {
        const std::size_t row = i / static_cast<std::size_t>(n);
        const double share = std::exp(x.to_vector<double>()[i] - log_sums[row]);
        const bool chosen = labels.to_vector<std::size_t>()[row] == i % static_cast<std::size_t>(n);
        EXPECT_NEAR(shares[i], share, 1e-6) << rows << "x" << n;
        EXPECT_NEAR(slopes[i], static_cast<double>(row) * (share - (chosen ? 1 : 0)), 2e-5)
            << rows << "x" << n;
      }
    }
  }
  Tensor odd = Tensor::zeros({8, 4});
  odd.set({2, 1}, kInf);
  odd.set({5, 0}, std::nan(""));
  const std::vector<double> shares = list(softmax(odd));
  for (std::size_t i = 0; i < shares.size(); ++i) {
    EXPECT_EQ(std::isnan(shares[i]), i / 4 == 2 || i / 4 == 5) << i;
  }
}

TEST(Sort, PutsNaNLastAndKeepsEqualOnesInOrderAtEverySize) {
  for (const std::int64_t n : {50, 5000}) {
    std::vector<float> values(static_cast<std::size_t>(n));
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = i % 7 == 3   ? std::numeric_limits<float>::quiet_NaN()
                  : i % 5 == 0 ? -0.0F
                               : static_cast<float>(i % 3) - 1;
    }
    const Tensor x(values);
    const std::vector<double> sorted = list(sort(x)), top = list(top_k(x, 3).indices);
    const auto nans = std::ranges::count_if(values, [](float v) { return std::isnan(v); });
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      const bool tail = static_cast<std::int64_t>(i) >= n - nans;
      ASSERT_EQ(std::isnan(sorted[i]), tail);
      ASSERT_TRUE(i == 0 || tail || sorted[i - 1] <= sorted[i]);
    }
    EXPECT_THAT(top, testing::ElementsAre(3, 10, 17));
  }
}

}  // namespace
}  // namespace gradus
