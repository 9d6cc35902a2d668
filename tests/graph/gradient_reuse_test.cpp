// A backward pass writes gradients over those that nobody needs any more, and adds to sums where they lie:
// none of it may be seen from outside.
#include <gradus/graph/gradients.h>
#include <gradus/graph/parameters.h>
#include <gradus/graph/random.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>

#include <gtest/gtest.h>

#include <cmath>

namespace gradus {
namespace {

// Chains of rules that write over the gradient they are handed, and values that are used several times.
Variable tangled(const Variable& x, const Variable& y) {
  const Variable a = tanh(x * y), b = sigmoid(a * 0.5 - y), c = a * b;
  return exp(sin(c * x) / (1 + square(b))) * c + b;
}

class GradientReuse : public testing::TestWithParam<int> {};

// Where the gradient is recorded nothing is written over.
TEST_P(GradientReuse, GivesWhatRecordedGradientsAre) {
  Random random(7);
  const int n = GetParam();
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Parameter x("x", random.normal({n}, {.dtype = dtype})),
        y("y", random.normal({n}, {.dtype = dtype}));
    const Variable z = sum(tangled(x, y));
    const auto [dx, dy] = gradients({z}, {x, y}, {.create_graph = true});
    const auto [plain_dx, plain_dy] = gradients({z}, {x, y});
    z.backward();
    z.backward();
    const CloseOptions close =
        dtype == DType::float32 ? CloseOptions{1e-5, 1e-6} : CloseOptions{1e-13, 1e-14};
    EXPECT_TRUE(all_close(plain_dx.value(), dx.value(), close)) << plain_dx.value() << dx.value();
    EXPECT_TRUE(all_close(plain_dy.value(), dy.value(), close)) << plain_dy.value() << dy.value();
    EXPECT_TRUE(all_close(x.grad(), (plain_dx + plain_dx).value(), close));
    EXPECT_TRUE(all_close(y.grad(), (plain_dy + plain_dy).value(), close));
  }
}

// Around the number of values in a register, and where a loop has threads.
INSTANTIATE_TEST_SUITE_P(Sizes, GradientReuse,
                         testing::Values(1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 1000,
                                         200'003));

TEST(GradientReuse, LeavesTheSeedAlone) {
  const Parameter x("x", {0.5, 2, -1});
  const Tensor seed{1, 10, 100}, before = seed.clone();
  tanh(x * 3).backward(seed);
  EXPECT_TRUE(identical(seed, before));
  EXPECT_EQ(seed.version(), 0U);
}

TEST(GradientReuse, LeavesAloneWhatWasAskedForOnTheWay) {
  const Parameter x("x", Tensor({1, 2, 3}, DType::float64));
  const Variable h = x * 2, y = sum(square(h) * h);  // dy/dh = 3 h^2
  const auto [dh, dx] = gradients({y}, {h, x});
  EXPECT_TRUE(all_close(dh.value(), Tensor({12, 48, 108}, DType::float64)));
  EXPECT_TRUE(all_close(dx.value(), Tensor({24, 96, 216}, DType::float64)));
}

TEST(GradientReuse, LeavesAloneAGradientThatWasKept) {
  const Parameter x("x", {1, 2});
  sum(x * x).backward();
  const Tensor kept = x.grad();
  sum(x * x * x).backward();
  EXPECT_TRUE(identical(kept, Tensor{2, 4}));
  EXPECT_TRUE(identical(x.grad(), Tensor{2 + 3, 4 + 12}));
}

// The gradient of an addition is handed to both operands as one buffer.
TEST(GradientReuse, KeepsOperandsThatShareAGradientApart) {
  const Parameter x("x", {1, 2}), y("y", {3, 4});
  const Variable a = x * 2, b = y * 5;
  const Tensor seed{1, 1};
  (tanh(a) + exp(b * 0) + (a + b)).backward(seed);
  EXPECT_TRUE(all_close(y.grad(), Tensor{5, 5}));
  const auto slope = [](double at) { return 2 * (1 - std::tanh(at) * std::tanh(at)) + 2; };
  EXPECT_TRUE(all_close(x.grad(), Tensor{slope(2), slope(4)}));
}

}  // namespace
}  // namespace gradus
