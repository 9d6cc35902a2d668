#include <gradus/graph/variable.h>
#include <gradus/optim/adam.h>

#include "../heap_calls.h"

#include <gtest/gtest.h>

namespace gradus {

namespace {

TEST(SteadyStep, WithAllThatAnOptimizerCanDoAllocatesNothing) {
  const Parameter w("w", Tensor::ones({100}));
  w.node().set_grad(Tensor::ones({100}));
  Adam optimizer({w}, {.learning_rate = [](std::int64_t) { return 0.001; },
                       .weight_decay = 0.1,
                       .clipnorm = 1,
                       .use_ema = true,
                       .ema_overwrite_frequency = 2,
                       .loss_scale_factor = 2,
                       .gradient_accumulation_steps = 3});
  for (int step = 0; step < 6; ++step) optimizer.step();
  const long before = heap_calls();
  for (int step = 0; step < 100; ++step) optimizer.step();
  EXPECT_EQ(heap_calls(), before);
}

}  // namespace

}  // namespace gradus
