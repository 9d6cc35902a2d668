#include <gradus/graph/error.h>
#include <gradus/models/layers/flatten.h>
#include <gradus/models/summary.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "example_data.h"

namespace gradus {
namespace {

TEST(Summary, IsKerassTable) {
  Sequential model({.seed = 1});
  model.add(Dense(4, {.input_dim = 2}));
  model.add(Dense(1000, {.trainable = false}));
  EXPECT_EQ(summary_text(model), R"(Model: "sequential"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┓
┃ Layer (type)                         ┃ Output Shape                ┃         Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━┩
│ dense (Dense)                        │ (None, 4)                   │              12 │
├──────────────────────────────────────┼─────────────────────────────┼─────────────────┤
│ dense_1 (Dense)                      │ (None, 1000)                │           5,000 │
└──────────────────────────────────────┴─────────────────────────────┴─────────────────┘
 Total params: 5,012 (19.58 KB)
 Trainable params: 12 (48.00 B)
 Non-trainable params: 5,000 (19.53 KB)
)");
}

TEST(Summary, CountsTheOptimizersStateOnceItIsThere) {
  const Sequential model = testing_data::regressor();
  model.compile({.optimizer = "adam", .loss = "mse"});
  std::ostringstream before, after;
  model.summary(before);
  EXPECT_THAT(before.str(), testing::Not(testing::HasSubstr("Optimizer params")));
  const auto [x, y] = testing_data::sums(4);
  model.fit(x, y, {.verbose = 0});
  model.summary(after);
  EXPECT_THAT(after.str(), testing::HasSubstr(" Optimizer params: 8 ("));
  EXPECT_THAT(after.str(), testing::HasSubstr(" Total params: 11 ("));
}

TEST(Summary, WrapsWhatIsTooLong) {
  Sequential model(
      {Flatten({.input_shape = {2, 3}, .name = "a_name_that_is_longer_than_the_column_it_is_to_stand_in"})});
  EXPECT_THAT(summary_text(model), testing::HasSubstr("│ a_name_that_is_longer_than_the_colum │ (None, 6)"));
  EXPECT_THAT(summary_text(model), testing::HasSubstr("│ n_it_is_to_stand_in (Flatten)        │ "));
  EXPECT_THAT([&] { summary_text(model, {.line_length = 39}); },
              testing::ThrowsMessage<ValueError>(testing::HasSubstr("at least 40, got 39")));
}

}  // namespace
}  // namespace gradus
