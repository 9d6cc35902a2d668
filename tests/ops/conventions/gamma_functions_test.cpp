#include <gradus/graph/gradients.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <thread>

#include "../values.h"

namespace gradus {
namespace {

using testing::Each;

double at(Variable (*f)(const Operand&), double x) { return f(Tensor({x}, DType::float64)).item(); }

TEST(GammaFunctions, TheGammaFunctionsHaveSlopesOfEveryOrder) {
  // The derivatives of digamma at 1 are (-1)^(n+1) n! zeta(n + 1), at 1/2 2^(n+1) - 1 times as much.
  const double zeta[] = {0,
                         0,
                         std::numbers::pi * std::numbers::pi / 6,
                         1.2020569031595942,
                         1.0823232337111382,
                         1.0369277551433699};
  const Variable x(Tensor({1, 0.5}, DType::float64), {.requires_grad = true});
  Variable y = gradient(sum(lgamma(x)), x, {.create_graph = true});
  EXPECT_NEAR(list(y)[0], -std::numbers::egamma, 1e-15);
  EXPECT_NEAR(list(y)[1], -std::numbers::egamma - 2 * std::numbers::ln2, 1e-15);
  double factor = 1;
  for (int n = 1; n <= 4; ++n) {
    y = gradient(sum(y), x, {.create_graph = true});
    factor *= n == 1 ? 1 : -n;
    EXPECT_NEAR(list(y)[0] / (factor * zeta[n + 1]), 1, 1e-14);
    EXPECT_NEAR(list(y)[1] / (factor * zeta[n + 1] * (std::pow(2, n + 1) - 1)), 1, 1e-14);
  }
}

TEST(GammaFunctions, DigammaIsExactNearItsRootAndBelowZero) {
  EXPECT_NEAR(at(digamma, 1.4616321449683622) / -9.2412655217294275168e-17, 1, 1e-14);
  EXPECT_NEAR(at(digamma, 1.5) / 0.036489973978576520559, 1, 1e-14);
  EXPECT_NEAR(at(digamma, -0.5) / 0.036489973978576520559, 1, 1e-12);
  EXPECT_NEAR(at(digamma, -3.25) / 4.4662758723502799671, 1, 1e-14);
  EXPECT_EQ(at(digamma, 1e300), std::log(1e300));
}

TEST(GammaFunctions, LgammaMayRunOnSeveralThreads) {
  // std::lgamma writes the sign of gamma into a global variable.
  const Tensor x = Tensor::full({1000}, -0.5, DType::float64);
  const Tensor expected = lgamma(x).value();
  std::array<bool, 2> same = {};
  std::vector<std::thread> threads;
  for (bool& result : same) {
    threads.emplace_back([&] {
      result = true;
      for (int i = 0; i < 50; ++i) result = result && identical(lgamma(x).value(), expected);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(same, Each(true));
}

}  // namespace
}  // namespace gradus
