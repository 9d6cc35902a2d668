#include <gradus/gradus.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <thread>

#include "../child.h"

namespace gradus {
namespace {

// Sizes on both sides of each way to multiply, with rests on every side.
struct Sizes {
  std::int64_t m, k, n;
};
constexpr Sizes kSizes[] = {{5, 7, 3},       {7, 9, 8},     {50, 40, 24},   {9, 5, 7},         {32, 32, 32},
                            {33, 35, 37},    {32, 128, 10}, {65, 784, 70},  {1, 500, 300},     {300, 500, 1},
                            {129, 784, 515}, {784, 128, 3}, {10, 9000, 11}, {1100, 100, 1030}, {65, 101, 70},
                            {40, 543, 33},   {33, 257, 40}};

constexpr MatmulPrecisionOptions kEmulate = {Bfloat16Fallback::emulate};

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

// At every transposition.
void expect_exact(Random& random, const Sizes& sizes, double most) {
  const auto& [m, k, n] = sizes;
  for (const MatmulOptions options : {MatmulOptions{}, MatmulOptions{.transpose_a = true},
                                      MatmulOptions{.transpose_b = true}, MatmulOptions{true, true}}) {
    const Tensor a = stored(random, m, k, options.transpose_a), b = stored(random, k, n, options.transpose_b);
    const Tensor exact = matmul(a.cast(DType::float64), b.cast(DType::float64), options).value();
    EXPECT_LT(error(matmul(a, b, options).value(), exact, k), most)
        << m << "x" << k << "x" << n << options.transpose_a << options.transpose_b;
  }
}

TEST_F(Matmul, IsExactAtEverySizeAndTransposition) {
  Random random(1);
  for (const Sizes& sizes : kSizes) expect_exact(random, sizes, 2e-6);
}

TEST_F(Matmul, IsExactAtEverySmallSize) {
  Random random(5);
  for (std::int64_t m = 1; m <= 9; ++m) {
    for (const std::int64_t k : {1, 2, 3, 40}) {
      for (std::int64_t n = 1; n <= 10; ++n) {
        expect_exact(random, {m, k, n}, 1e-6);
        const Tensor x = stored(random, m, k, false), kernel = stored(random, k, n, false),
                     bias = random.uniform({n}, {-1, 1});
        const Tensor exact =
            dense(x.cast(DType::float64), kernel.cast(DType::float64), bias.cast(DType::float64)).value();
        EXPECT_LT(error(dense(x, kernel, bias).value(), exact, k), 1e-6) << m << "x" << k << "x" << n;
      }
    }
  }
}

TEST_F(Matmul, KeepsWhatIsNoNumberInItsColumn) {
  for (std::int64_t n = 2; n <= 9; ++n) {
    Tensor a = Tensor::ones({6, 3}), b = Tensor::ones({3, n});
    a.set({4, 1}, std::numeric_limits<double>::infinity());
    b.set({2, n - 1}, std::nan(""));
    const std::vector<double> y = matmul(a, b).value().to_vector<double>();
    for (std::size_t i = 0; i < y.size(); ++i) {
      const auto row = static_cast<std::int64_t>(i) / n, column = static_cast<std::int64_t>(i) % n;
      EXPECT_EQ(std::isnan(y[i]), column == n - 1) << n;
      EXPECT_EQ(std::isinf(y[i]), row == 4 && column != n - 1) << n;
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

// The gradients of sum(a b weights).
std::vector<Tensor> gradients(const Tensor& a, const Tensor& b, const Tensor& weights) {
  const Parameter left("left", a), right("right", b);
  sum(matmul(left, right) * weights).backward();
  return {left.grad(), right.grad()};
}

// Of products that two threads share, that each of them computes one of, and that one computes both of.
TEST_F(Matmul, HasTheSameGradientsForAnyNumberOfThreads) {
  Random random(3);
  for (const auto& [m, k, n] : {Sizes{128, 512, 10}, {8, 4000, 8}, {300, 200, 200}, {20, 30, 10}}) {
    const Tensor a = stored(random, m, k, false), b = stored(random, k, n, false),
                 weights = stored(random, m, n, false);
    set_num_threads(1);
    const std::vector<Tensor> exact =
        gradients(a.cast(DType::float64), b.cast(DType::float64), weights.cast(DType::float64));
    const std::vector<Tensor> found = gradients(a, b, weights);
    for (std::size_t i = 0; i < 2; ++i) EXPECT_LT(error(found[i], exact[i], i == 0 ? n : m), 2e-6);
    set_num_threads(4);
    const std::vector<Tensor> shared = gradients(a, b, weights);
    for (std::size_t i = 0; i < 2; ++i) EXPECT_TRUE(identical(shared[i], found[i])) << m << "x" << k;
  }
}

TEST_F(Matmul, AddsBothGradientsOfOneOperand) {
  Random random(4);
  set_num_threads(4);
  const Tensor x = stored(random, 80, 80, false), weights = stored(random, 80, 80, false);
  const std::vector<Tensor> parts = gradients(x, x, weights);
  const Parameter both("both", x);
  sum(matmul(both, both) * weights).backward();
  EXPECT_LT(error(both.grad(), (parts[0] + parts[1]).value(), 80), 2e-6);
}

// Values of 8 significant bits, which rounding to bfloat16 does not change.
Tensor whole(Random& random, const Shape& shape) { return round(random.uniform(shape, {-100, 100})).value(); }

TEST_F(Matmul, RoundsOperandsToBfloat16WhenAsked) {
  Random random(3);
  const Tensor a = random.uniform({128, 784}, {-1, 1}), b = random.uniform({784, 512}, {-1, 1});
  const Tensor plain = matmul(a, b).value();
  EXPECT_EQ(matmul_precision(), MatmulPrecision::float32);
  set_matmul_precision(MatmulPrecision::bfloat16, kEmulate);
  EXPECT_EQ(matmul_precision(), MatmulPrecision::bfloat16);
  // Each operand is off by at most 2^-9 of itself.
  const double off = error(matmul(a, b).value(), plain, 784);
  EXPECT_GT(off, 1e-5);
  EXPECT_LT(off, 0x1p-8);
  // Values of 8 significant bits lose nothing, and small products are not touched.
  const Tensor left = whole(random, {128, 784}), right = whole(random, {784, 512});
  const Tensor c = random.uniform({20, 30}), d = random.uniform({30, 20});
  const Tensor product = matmul(left, right).value(), small = matmul(c, d).value();
  set_matmul_precision(MatmulPrecision::float32);
  EXPECT_TRUE(identical(matmul(left, right).value(), product));
  EXPECT_TRUE(identical(matmul(c, d).value(), small));
}

TEST_F(Matmul, IsExactInBfloat16AtEverySizeTranspositionAndNumberOfThreads) {
  Random random(8);
  for (const auto& [m, k, n] : kSizes) {
    for (const MatmulOptions options : {MatmulOptions{}, MatmulOptions{.transpose_a = true},
                                        MatmulOptions{.transpose_b = true}, MatmulOptions{true, true}}) {
      const Tensor a = whole(random, options.transpose_a ? Shape{k, m} : Shape{m, k}),
                   b = whole(random, options.transpose_b ? Shape{n, k} : Shape{k, n});
      set_matmul_precision(MatmulPrecision::float32);
      const Tensor exact = matmul(a, b, options).value();
      set_matmul_precision(MatmulPrecision::bfloat16, kEmulate);
      for (const int threads : {1, 2, 3}) {
        set_num_threads(threads);
        EXPECT_TRUE(identical(matmul(a, b, options).value(), exact))
            << m << "x" << k << "x" << n << options.transpose_a << options.transpose_b;
      }
    }
  }
}

TEST_F(Matmul, AddsGradientsOfBfloat16Products) {
  Random random(9);
  const Tensor a = whole(random, {90, 200}), b = whole(random, {70, 200});
  const Tensor g = whole(random, {90, 50}), h = whole(random, {70, 50});
  const Parameter w("w", whole(random, {200, 50}));
  const auto gradient = [&] {
    w.zero_grad();
    (sum(matmul(a, w) * g) + sum(matmul(b, w) * h)).backward();
    return w.grad().clone();
  };
  const Tensor exact = gradient();
  set_matmul_precision(MatmulPrecision::bfloat16, kEmulate);
  EXPECT_TRUE(identical(gradient(), exact));
}

TEST_F(Matmul, AddsBfloat16ProductsToABias) {
  Random random(10);
  const Tensor x = whole(random, {65, 101}), kernel = whole(random, {101, 70}), bias = whole(random, {70});
  const Tensor exact = dense(x, kernel, bias).value();
  set_matmul_precision(MatmulPrecision::bfloat16, kEmulate);
  EXPECT_TRUE(identical(dense(x, kernel, bias).value(), exact));
}

TEST_F(Matmul, KeepsRowsOfBfloat16ProductsApart) {
  set_matmul_precision(MatmulPrecision::bfloat16, kEmulate);
  Random random(11);
  Tensor a = whole(random, {33, 257}), b = whole(random, {257, 40});
  a.set({32, 256}, std::numeric_limits<double>::infinity());
  b.set({256, 39}, std::numeric_limits<double>::quiet_NaN());
  const Tensor y = matmul(a, b).value();
  for (std::int64_t i = 0; i < 33; ++i) {
    for (std::int64_t j = 0; j < 40; ++j) EXPECT_EQ(std::isfinite(y(i, j)), i != 32 && j != 39) << i << j;
  }
}

TEST_F(Matmul, RoundsToTheNearestBfloat16AndTiesToEven) {
  set_matmul_precision(MatmulPrecision::bfloat16, kEmulate);
  const auto rounded = [](float value) {
    Tensor a = Tensor::zeros({64, 64});
    a.set({5, 7}, value);
    return matmul(a, Tensor::eye(64)).value()(5, 7);
  };
  for (const float sign : {1.F, -1.F}) {
    EXPECT_EQ(rounded(sign * 1), sign * 1);
    EXPECT_EQ(rounded(sign * (1 + 0x1p-8F)), sign * 1);                 // half way: to even
    EXPECT_EQ(rounded(sign * (1 + 3 * 0x1p-8F)), sign * (1 + 0x1p-6));  // half way: to even
    EXPECT_EQ(rounded(sign * (1 + 0x1.01p-8F)), sign * (1 + 0x1p-7));
    EXPECT_EQ(rounded(sign * 0x1.FEFFp20F), sign * 0x1.FEp20);
    EXPECT_EQ(rounded(sign * 0x1.FFp20F), sign * 0x1p21);
  }
}

TEST_F(Matmul, FallsBackFromBfloat16AsTheCallerChose) {
  using enum MatmulPrecision;
  EXPECT_EQ(available_matmul_precision("here", float32), float32);
  EXPECT_EQ(available_matmul_precision("here", bfloat16, kEmulate), bfloat16);
  const MatmulPrecision plain = available_matmul_precision("here", bfloat16, {Bfloat16Fallback::float32});
  if (plain == bfloat16) {  // this processor has it
    EXPECT_EQ(available_matmul_precision("here", bfloat16), bfloat16);
    return;
  }
  EXPECT_THAT([] { available_matmul_precision("here", bfloat16); },
              testing::ThrowsMessage<StateError>(
                  testing::AllOf(testing::StartsWith("here: "), testing::HasSubstr("bfloat16"),
                                 testing::HasSubstr("the fallbacks float32 and emulate do without"))));
  EXPECT_THROW(set_matmul_precision(bfloat16), StateError);
  EXPECT_EQ(matmul_precision(), float32);
}

TEST_F(Matmul, AScopeSetsThePrecisionOfItsThreadAlone) {
  using enum MatmulPrecision;
  {
    const MatmulPrecisionScope outer(bfloat16);
    EXPECT_EQ(matmul_precision(), bfloat16);
    std::thread([] { EXPECT_EQ(matmul_precision(), float32); }).join();
    try {
      const MatmulPrecisionScope inner(float32);
      EXPECT_EQ(matmul_precision(), float32);
      set_matmul_precision(bfloat16, kEmulate);
      EXPECT_EQ(matmul_precision(), float32) << "the scope goes before the process's";
      throw 1;
    } catch (int) {
    }
    EXPECT_EQ(matmul_precision(), bfloat16);
    set_matmul_precision(float32);
  }
  EXPECT_EQ(matmul_precision(), float32);
}

// Their products run on the pool's workers.
TEST_F(Matmul, WorkersComputeInThePrecisionOfTheirCaller) {
  Random random(5);
  const Tensor query = random.normal({8, 128, 64}), key = random.normal({8, 128, 64});
  const Tensor x = random.normal({256, 2, 64}), kernel = random.normal({64, 256}),
               recurrent = random.normal({64, 256});
  set_num_threads(4);
  const auto attend = [&] { return scaled_dot_product_attention(query, key, key).value(); };
  const auto remember = [&] { return lstm(x, kernel, recurrent).output.value(); };
  const Tensor left = random.normal({128, 512}), right = random.normal({512, 10}),
               weights = random.normal({128, 10});
  const auto differentiate = [&] { return gradients(left, right, weights); };
  const Tensor attended = attend(), remembered = remember();
  const std::vector<Tensor> differentiated = differentiate();
  const MatmulPrecisionScope scope(MatmulPrecision::bfloat16);
  const Tensor attended_by_four = attend(), remembered_by_four = remember();
  const std::vector<Tensor> differentiated_by_four = differentiate();
  EXPECT_FALSE(identical(attended_by_four, attended));
  EXPECT_FALSE(identical(remembered_by_four, remembered));
  set_num_threads(1);
  EXPECT_TRUE(identical(attend(), attended_by_four));
  EXPECT_TRUE(identical(remember(), remembered_by_four));
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_FALSE(identical(differentiated_by_four[i], differentiated[i]));
    EXPECT_TRUE(identical(differentiate()[i], differentiated_by_four[i]));
  }
}

// Products of a size met for the first time, one after the other: each is prepared before it runs.
TEST_F(Matmul, AChildForkedWhileAnotherThreadPreparesProductsHasItsOwn) {
  constexpr std::int64_t kRows = 128, kColumns = 64;
  const auto product_of_ones = [](std::int64_t depth) {
    return matmul(Tensor::ones({kRows, depth}), Tensor::ones({depth, kColumns})).value();
  };
  set_num_threads(1);
  std::atomic<std::int64_t> depth = 100;
  std::atomic<bool> enough = false;
  std::thread other([&] {
    while (!enough) product_of_ones(depth++);
  });
  int right = 0;
  constexpr int kChildren = 10;
  for (int i = 0; i < kChildren; ++i) {
    for (const std::int64_t seen = depth; depth < seen + 2;) std::this_thread::yield();
    const int code = test::exit_code_of_child([&] {
      alarm(20);
      const std::int64_t unseen = 5000 + i;
      return product_of_ones(unseen)(kRows - 1, kColumns - 1) == static_cast<double>(unseen) ? 0 : 1;
    });
    right += code == 0 ? 1 : 0;
  }
  enough = true;
  other.join();
  EXPECT_EQ(right, kChildren);
}

TEST_F(Matmul, KeepsNanAndInfinityInEitherPrecision) {
  Random random(4);
  Tensor a = random.uniform({64, 100}), b = random.uniform({100, 64});
  a.set({3, 5}, std::numeric_limits<double>::quiet_NaN());
  a.set({7, 5}, std::numeric_limits<double>::infinity());
  for (const MatmulPrecision precision : {MatmulPrecision::float32, MatmulPrecision::bfloat16}) {
    set_matmul_precision(precision, kEmulate);
    const Tensor y = matmul(a, b).value();
    EXPECT_TRUE(std::isnan(y(3, 0)));
    EXPECT_EQ(y(7, 0), std::numeric_limits<double>::infinity());
    EXPECT_TRUE(std::isfinite(y(0, 0)));
  }
}

}  // namespace
}  // namespace gradus
