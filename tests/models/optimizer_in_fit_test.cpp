// What fit does beside a step for the optimizers' common arguments.

#include <gradus/optim/adam.h>
#include <gradus/optim/schedules.h>
#include <gradus/optim/sgd.h>

#include <gtest/gtest.h>

#include "example_data.h"

namespace gradus {
namespace {

using testing_data::regressor;
using testing_data::same_weights;
using testing_data::sums;

// A regressor after fit on eight samples: four steps.
Sequential fitted(const Optimizer& optimizer) {
  Sequential model = regressor();
  model.compile({.optimizer = optimizer, .loss = "mse"});
  const auto [x, y] = sums(8);
  model.fit(x, y, {.batch_size = 4, .epochs = 2, .verbose = 0, .shuffle = false});
  return model;
}

TEST(OptimizerInFit, ScalesTheLossThatGradientsAreDividedFor) {
  const Sequential plain = fitted(Adam({.learning_rate = 0.1}));
  const Sequential scaled = fitted(Adam({.learning_rate = 0.1, .loss_scale_factor = 1024}));
  EXPECT_TRUE(same_weights(scaled, plain.get_weights()));  // a power of 2 changes no bit
}

TEST(OptimizerInFit, EndsWithTheAveragesOfTheWeights) {
  const Sequential plain = fitted(SGD({.learning_rate = 0.1}));
  const Sequential averaged = fitted(SGD({.learning_rate = 0.1, .use_ema = true, .ema_momentum = 0.5}));
  EXPECT_FALSE(same_weights(averaged, plain.get_weights()));
  const auto state = averaged.optimizer().variables();
  EXPECT_TRUE(same_weights(averaged, {state[2].value, state[3].value}));
}

TEST(OptimizerInFit, GathersTheGradientsOfItsBatches) {
  Sequential whole = regressor(), halves = regressor();
  whole.compile({.optimizer = SGD({.learning_rate = 0.1}), .loss = "mse"});
  halves.compile({.optimizer = SGD({.learning_rate = 0.1, .gradient_accumulation_steps = 2}), .loss = "mse"});
  const auto [x, y] = sums(8);
  whole.fit(x, y, {.batch_size = 8, .epochs = 3, .verbose = 0, .shuffle = false});
  halves.fit(x, y, {.batch_size = 4, .epochs = 3, .verbose = 0, .shuffle = false});
  EXPECT_EQ(halves.optimizer().iterations(), 3);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(all_close(whole.get_weights()[i], halves.get_weights()[i], {.rtol = 1e-5, .atol = 1e-6}));
  }
}

TEST(OptimizerInFit, FollowsAScheduleStepByStep) {
  const Sequential model = fitted(SGD({.learning_rate = PiecewiseConstantDecay({1, 3}, {0.1, 0.01, 0.001})}));
  EXPECT_EQ(model.optimizer().iterations(), 4);
  EXPECT_EQ(model.optimizer().learning_rate(), 0.001);
}

}  // namespace
}  // namespace gradus
