// What all optimizers take beside their own: averages, gathered gradients, a loss scale, exclusions from
// decay. The trajectories prove the numbers.

#include <gradus/graph/error.h>
#include <gradus/graph/variable.h>
#include <gradus/optim/adam.h>
#include <gradus/optim/adamw.h>
#include <gradus/optim/nadam.h>
#include <gradus/optim/sgd.h>

#include "thrown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradus {

namespace {

using testing::ElementsAre;

TEST(Averages, FollowTheParametersAndLeaveThem) {
  const Parameter w("w", Tensor{0.0});
  SGD optimizer({w}, {.learning_rate = 1, .use_ema = true, .ema_momentum = 0.5});
  optimizer.apply({Tensor{-4.0}});  // w = 4, its average 4
  optimizer.apply({Tensor{-4.0}});  // w = 8, its average 6
  EXPECT_EQ(w.value().item(), 8);
  EXPECT_EQ(optimizer.variables()[2].name, "w_average");
  EXPECT_EQ(optimizer.variables()[2].value.item(), 6);
  const auto version = w.value().version();
  optimizer.finalize_variable_values();
  EXPECT_EQ(w.value().item(), 6);
  EXPECT_GT(w.value().version(), version);
  EXPECT_EQ(optimizer.variables()[2].value.item(), 6);
}

TEST(Averages, TakeInParametersWithoutAGradient) {
  const Parameter w("w", Tensor{0.0}), still("still", Tensor{3.0});
  SGD optimizer({w, still}, {.learning_rate = 1, .use_ema = true});
  for (int step = 0; step < 3; ++step) optimizer.apply({Tensor{1.0}, Tensor()});
  optimizer.finalize_variable_values();
  EXPECT_NEAR(still.value().item(), 3, 1e-6);
}

TEST(Averages, AreSwappedInAndOut) {
  const Parameter w("w", Tensor{0.0});
  Adam optimizer({w}, {.use_ema = true});
  EXPECT_EQ(thrown<StateError>([&] { optimizer.swap_averages(); }),
            "swap_averages: Adam has no averages before its first step");
  for (int step = 0; step < 3; ++step) optimizer.apply({Tensor{1.0}});
  const Tensor value = w.value().clone(), average = optimizer.variables()[2].value;
  optimizer.swap_averages();
  EXPECT_TRUE(identical(w.value(), average));
  optimizer.swap_averages();
  EXPECT_TRUE(identical(w.value(), value));
  EXPECT_TRUE(identical(optimizer.variables()[2].value, average));
}

TEST(Averages, ThatAreNotKeptAreNotSwappedAndFinalizeNothing) {
  const Parameter w("w", Tensor{1.0});
  SGD optimizer({w});
  optimizer.finalize_variable_values();
  EXPECT_EQ(w.value().item(), 1);
  EXPECT_EQ(thrown<StateError>([&] { optimizer.swap_averages(); }),
            "swap_averages: SGD has no averages: make it with {.use_ema = true}");
  SGD keeps({w}, {.use_ema = true});
  keeps.finalize_variable_values();  // before the first step: they are not the parameters yet
  EXPECT_EQ(w.value().item(), 1);
  Optimizer unbuilt = "sgd";
  EXPECT_EQ(thrown<StateError>([&] { unbuilt.finalize_variable_values(); }),
            "finalize_variable_values: SGD knows no parameters yet: call build with them first");
  EXPECT_EQ(thrown<StateError>([&] { unbuilt.swap_averages(); }),
            "swap_averages: SGD knows no parameters yet: call build with them first");
}

TEST(GradientAccumulation, UpdatesByTheMeanOfSeveralSteps) {
  const Parameter w("w", Tensor{1.0, 2.0});
  SGD optimizer({w}, {.learning_rate = 1, .gradient_accumulation_steps = 3});
  optimizer.apply({Tensor{1.0, 0.0}});
  optimizer.apply({Tensor{2.0, 0.0}});
  EXPECT_THAT(w.value().to_vector<double>(), ElementsAre(1, 2));
  EXPECT_EQ(optimizer.iterations(), 0);
  EXPECT_EQ(optimizer.variables()[0].value.item<int>(), 2);
  EXPECT_THAT(optimizer.variables()[2].value.to_vector<double>(), ElementsAre(3, 0));
  optimizer.apply({Tensor{6.0, 3.0}});
  EXPECT_THAT(w.value().to_vector<double>(), ElementsAre(-2, 1));
  EXPECT_EQ(optimizer.iterations(), 1);
  EXPECT_THAT(optimizer.variables()[2].value.to_vector<double>(), ElementsAre(0, 0));
}

TEST(GradientAccumulation, OfTheSameGradientIsOneAdamUpdate) {
  const Parameter once("once", Tensor{1.0}), gathered("gathered", Tensor{1.0});
  Adam plain({once}), gathers({gathered}, {.gradient_accumulation_steps = 4});
  for (int update = 0; update < 3; ++update) {
    const Tensor gradient{0.5 + update};
    plain.apply({gradient});
    for (int step = 0; step < 4; ++step) gathers.apply({gradient});
  }
  EXPECT_TRUE(identical(once.value(), gathered.value()));
  EXPECT_EQ(gathers.iterations(), 3);
}

TEST(GradientAccumulation, ClipsTheMeanAndDecaysOnce) {
  const Parameter w("w", Tensor{8.0});
  SGD optimizer({w},
                {.learning_rate = 1, .weight_decay = 0.5, .clipvalue = 1, .gradient_accumulation_steps = 2});
  optimizer.apply({Tensor{100.0}});
  optimizer.apply({Tensor{-99.0}});
  EXPECT_EQ(w.value().item(), 3.5);
}

TEST(GradientAccumulation, ResumesInTheMiddle) {
  const auto make = [] { return Nadam({.use_ema = true, .gradient_accumulation_steps = 3}); };
  const Parameter w("w", Tensor{1.0, -2.0});
  Optimizer optimizer = make(), resumed = make();
  optimizer.build({w});
  for (int step = 0; step < 4; ++step) optimizer.apply({Tensor{0.5, 0.25}});
  std::vector<Tensor> saved;
  for (const auto& state : optimizer.variables()) saved.push_back(state.value);
  const Parameter copy("w", w.value());
  resumed.build({copy});
  resumed.set_variables(saved);
  for (int step = 0; step < 5; ++step) {
    optimizer.apply({Tensor{-0.5, 1.0}});
    resumed.apply({Tensor{-0.5, 1.0}});
  }
  EXPECT_TRUE(identical(w.value(), copy.value()));
  EXPECT_EQ(resumed.iterations(), 3);
}

TEST(LossScale, IsTakenOutOfTheGradients) {
  const Parameter w("w", Tensor{1.0});
  SGD optimizer({w}, {.learning_rate = 1, .loss_scale_factor = 8});
  EXPECT_EQ(optimizer.loss_scale(), 8);
  EXPECT_EQ(Optimizer("adam").loss_scale(), 1);
  const Tensor gradient{4.0};
  optimizer.apply({gradient});
  EXPECT_EQ(w.value().item(), 0.5);
  EXPECT_EQ(gradient.item(), 4);
}

TEST(WeightDecayExclusion, IsByParameterOrByAPartOfItsName) {
  const Parameter kernel("dense/kernel", Tensor{1.0}), bias("dense/bias", Tensor{1.0}),
      gamma("gamma", Tensor{1.0});
  Optimizer optimizer = AdamW({.learning_rate = 0.5, .weight_decay = 0.5});
  optimizer.exclude_from_weight_decay({.var_list = {gamma}, .var_names = {"bias"}});
  optimizer.build({kernel, bias, gamma});
  const Tensor zero{0.0};
  optimizer.apply({zero, zero, zero});
  EXPECT_EQ(kernel.value().item(), 0.75);
  EXPECT_EQ(bias.value().item(), 1);
  EXPECT_EQ(gamma.value().item(), 1);
  optimizer.reset();
  optimizer.build({bias});
  optimizer.apply({zero});
  EXPECT_EQ(bias.value().item(), 1);
}

TEST(WeightDecayExclusion, ComesBeforeBuild) {
  const Parameter w("w", Tensor{1.0});
  AdamW optimizer({w});
  EXPECT_EQ(thrown<StateError>([&] { optimizer.exclude_from_weight_decay({.var_names = {"w"}}); }),
            "exclude_from_weight_decay: AdamW is built already: call it before build, on an optimizer made "
            "without parameters");
}

}  // namespace

}  // namespace gradus
