// Normalisations over more values than one block holds, against float64.

#include <gradus/graph/gradcheck.h>
#include <gradus/graph/random.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/nn.h>

#include "values.h"

namespace gradus {
namespace {

using Call = std::function<Variable(const Variable& x, const Variable& gamma, const Variable& beta)>;

void expect_agreement(const Shape& shape, std::int64_t channels, const Call& call) {
  Random random(1);
  // A mean far from 0 is where digits get lost.
  const Tensor x = random.normal(shape, {.mean = 30, .stddev = 2});
  const Tensor gamma = random.uniform({channels}), beta = random.uniform({channels});
  const Tensor seed = random.normal(shape);
  const auto run = [&](DType dtype) {
    const Variable a(x.cast(dtype), {.requires_grad = true}), b(gamma.cast(dtype), {.requires_grad = true}),
        c(beta.cast(dtype), {.requires_grad = true});
    const Variable y = call(a, b, c);
    const auto d = gradients(y, {a, b, c}, {.seeds = Variable(seed.cast(dtype))});
    return std::vector<Variable>{y, d[0], d[1], d[2]};
  };
  const auto narrow = run(DType::float32), wide = run(DType::float64);
  for (std::size_t i = 0; i < narrow.size(); ++i) {
    EXPECT_TRUE(
        all_close(narrow[i].value().cast(DType::float64), wide[i].value(), {.rtol = 1e-4, .atol = 1e-3}))
        << to_string(shape.dims()) << ", result " << i;
  }
}

TEST(Normalization, AgreesWithFloat64OverManyBlocks) {
  using V = const Variable&;
  for (const std::int64_t channels : {1, 3, 64}) {
    expect_agreement({7, 31, 29, channels}, channels,
                     [](V x, V g, V b) { return batch_normalization_training(x, g, b).output; });
  }
  expect_agreement({5, 31, 29, 24}, 24,
                   [](V x, V g, V b) { return group_normalization(x, g, b, {.groups = 6}); });
  expect_agreement({300, 513}, 513, [](V x, V g, V b) { return layer_normalization(x, g, b); });
  expect_agreement({3, 40000}, 40000, [](V x, V g, V b) { return layer_normalization(x, g, b); });
}

TEST(Normalization, TheStatisticsOfABatchHaveGradients) {
  Random random(2);
  const Tensor x = random.normal({6, 3}), ones = Tensor::ones({3}), zeros = Tensor::zeros({3});
  const auto mean =
      slopes([&](const Variable& v) { return batch_normalization_training(v, ones, zeros).mean; }, x);
  EXPECT_THAT(mean, testing::Each(testing::DoubleNear(1.0 / 6, 1e-6)));
  EXPECT_TRUE(gradcheck(
      [&](const Variable& v) {
        const NormalizedBatch y =
            batch_normalization_training(v, ones.cast(v.dtype()), zeros.cast(v.dtype()));
        return add(y.output, multiply(y.mean, y.variance));
      },
      {x}));
}

}  // namespace
}  // namespace gradus
