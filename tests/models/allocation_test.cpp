#include "../heap_calls.h"

#include <gradus/models/layers/dense.h>
#include <gradus/models/sequential.h>

#include <gtest/gtest.h>

namespace gradus {
namespace {

TEST(Fit, AllocatesNothingFromTheHeapInAStep) {
  Sequential model({Dense(8, {.activation = "relu", .input_dim = 2}), Dense(4, {.activation = "softmax"})},
                   {.seed = 1});
  model.compile({.optimizer = "adam", .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
  const auto fit = [&](std::int64_t steps) {
    const Tensor x = Tensor::ones({4 * steps, 2}), y = Tensor::ones({4 * steps, 4});
    const long before = heap_calls();
    model.fit(x, y, {.batch_size = 4, .verbose = 0, .validation_data = {x, y}});
    return heap_calls() - before;
  };
  fit(100);
  EXPECT_EQ(fit(100), fit(50));
}

}  // namespace
}  // namespace gradus
