#include <gradus/gradus.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace gradus {
namespace {

// Sizes on both sides of each way to multiply, with rests on every side.
struct Sizes {
  std::int64_t m, k, n;
};
constexpr Sizes kSizes[] = {{5, 7, 3},       {7, 9, 8},     {50, 40, 24},   {9, 5, 7},        {32, 32, 32},
                            {33, 35, 37},    {32, 128, 10}, {65, 784, 70},  {1, 500, 300},    {300, 500, 1},
                            {129, 784, 515}, {784, 128, 3}, {10, 9000, 11}, {1100, 100, 1030}};

Tensor stored(Random& random, std::int64_t rows, std::int64_t columns, bool transposed) {
  return random.uniform(transposed ? Shape{columns, rows} : Shape{rows, columns}, {-1, 1});
}

// The largest difference, in shares of what sums of k products of uniform values grow to.
double error(const Tensor& y, const Tensor& exact, std::int64_t k) {
  const auto ours = y.to_vector<double>(), wanted = exact.to_vector<double>();
  double most = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) most = std::max(most, std::abs(ours[i] - wanted[i]));
  return most / std::sqrt(static_cast<double>(k));
}

class Matmul : public testing::Test {
 protected:
  ~Matmul() override {
    set_matmul_precision(MatmulPrecision::float32);
    set_num_threads(threads_);
  }

 private:
  int threads_ = num_threads();
};

TEST_F(Matmul, IsExactAtEverySizeAndTransposition) {
  Random random(1);
  for (const auto& [m, k, n] : kSizes) {
    for (const MatmulOptions options : {MatmulOptions{}, MatmulOptions{.transpose_a = true},
                                        MatmulOptions{.transpose_b = true}, MatmulOptions{true, true}}) {
      const Tensor a = stored(random, m, k, options.transpose_a),
                   b = stored(random, k, n, options.transpose_b);
      const Tensor exact = matmul(a.cast(DType::float64), b.cast(DType::float64), options).value();
      EXPECT_LT(error(matmul(a, b, options).value(), exact, k), 2e-6)
          << m << "x" << k << "x" << n << options.transpose_a << options.transpose_b;
    }
  }
}

TEST_F(Matmul, HasTheSameBitsForAnyNumberOfThreads) {
  Random random(2);
  for (const auto& [m, k, n] : kSizes) {
    const Tensor a = stored(random, m, k, false), b = stored(random, k, n, false), bias = random.uniform({n});
    set_num_threads(1);
    const Tensor product = matmul(a, b).value(), layer = dense(a, b, bias).value();
    for (const int threads : {2, 3, 4}) {
      set_num_threads(threads);
      EXPECT_TRUE(identical(matmul(a, b).value(), product)) << m << "x" << k << "x" << n;
      EXPECT_TRUE(identical(dense(a, b, bias).value(), layer)) << m << "x" << k << "x" << n;
    }
  }
}

TEST_F(Matmul, RoundsOperandsToBfloat16WhenAsked) {
  Random random(3);
  const Tensor a = random.uniform({128, 784}, {-1, 1}), b = random.uniform({784, 512}, {-1, 1});
  const Tensor plain = matmul(a, b).value();
  EXPECT_EQ(matmul_precision(), MatmulPrecision::float32);
  set_matmul_precision(MatmulPrecision::bfloat16, {.fallback = true});
  if (matmul_precision() == MatmulPrecision::float32) {  // this processor has none
    EXPECT_THROW(set_matmul_precision(MatmulPrecision::bfloat16), StateError);
    EXPECT_TRUE(identical(matmul(a, b).value(), plain));
    return;
  }
  // Each operand is off by at most 2^-9 of itself.
  const double off = error(matmul(a, b).value(), plain, 784);
  EXPECT_GT(off, 1e-5);
  EXPECT_LT(off, 0x1p-8);
  // Values of 8 significant bits lose nothing, and small products are not touched.
  const Tensor whole = round(random.uniform({128, 784}, {-100, 100})).value();
  const Tensor other = round(random.uniform({784, 512}, {-100, 100})).value();
  const Tensor c = random.uniform({20, 30}), d = random.uniform({30, 20});
  const Tensor rounded = matmul(whole, other).value(), small = matmul(c, d).value();
  set_matmul_precision(MatmulPrecision::float32);
  EXPECT_TRUE(identical(matmul(whole, other).value(), rounded));
  EXPECT_TRUE(identical(matmul(c, d).value(), small));
}

TEST_F(Matmul, KeepsNanAndInfinityInEitherPrecision) {
  Random random(4);
  Tensor a = random.uniform({64, 100}), b = random.uniform({100, 64});
  a.set({3, 5}, std::numeric_limits<double>::quiet_NaN());
  a.set({7, 5}, std::numeric_limits<double>::infinity());
  for (const MatmulPrecision precision : {MatmulPrecision::float32, MatmulPrecision::bfloat16}) {
    set_matmul_precision(precision, {.fallback = true});
    const Tensor y = matmul(a, b).value();
    EXPECT_TRUE(std::isnan(y(3, 0)));
    EXPECT_EQ(y(7, 0), std::numeric_limits<double>::infinity());
    EXPECT_TRUE(std::isfinite(y(0, 0)));
  }
}

}  // namespace
}  // namespace gradus
