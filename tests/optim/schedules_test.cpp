#include <gradus/graph/error.h>
#include <gradus/graph/variable.h>
#include <gradus/optim/adam.h>
#include <gradus/optim/schedules.h>
#include <gradus/optim/sgd.h>

#include "reference.h"
#include "thrown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace gradus {

namespace {

using testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(Schedules, GiveKerassValuesAtEveryStep) {
  for (const auto& [name, schedule] : schedules()) {
    const std::vector<double>& want = reference_schedule(name);
    ASSERT_EQ(want.size(), schedule_steps().size());
    for (std::size_t i = 0; i < want.size(); ++i) {
      const std::int64_t step = schedule_steps()[i];
      EXPECT_NEAR(schedule(step), want[i], 1e-15) << name << " at step " << step;
    }
  }
}

TEST(Schedules, HoldTheirEnds) {
  EXPECT_EQ(PolynomialDecay(0.1, 10)(10), 0.0001);
  EXPECT_EQ(PolynomialDecay(0.1, 10)(1000000), 0.0001);
  EXPECT_EQ(PolynomialDecay(0.1, 10, {.cycle = true})(10), 0.0001);
  EXPECT_EQ(CosineDecay(0.5, 10)(0), 0.5);
  EXPECT_EQ(CosineDecay(0.5, 10)(10), 0);
  EXPECT_EQ(CosineDecay(0.5, 10, {.alpha = 0.5})(99), 0.25);
  EXPECT_EQ(CosineDecayRestarts(0.5, 10)(10), 0.5);
  EXPECT_EQ(PiecewiseConstantDecay({5}, {0.5, 0.25})(5), 0.5);
  EXPECT_EQ(PiecewiseConstantDecay({5}, {0.5, 0.25})(6), 0.25);
  EXPECT_EQ(PiecewiseConstantDecay({}, {0.5})(6), 0.5);
  EXPECT_EQ(ExponentialDecay(0.5, 10, 0.5, {.staircase = true})(9), 0.5);
}

TEST(Schedules, StepsMustBeAboveZero) {
  EXPECT_EQ(thrown<ValueError>([] { ExponentialDecay(0.1, 0, 0.5); }),
            "ExponentialDecay: decay_steps must be at least 1, got 0");
  EXPECT_EQ(thrown<ValueError>([] { PolynomialDecay(0.1, 0); }),
            "PolynomialDecay: decay_steps must be at least 1, got 0");
  EXPECT_EQ(thrown<ValueError>([] { InverseTimeDecay(0.1, -1, 0.5); }),
            "InverseTimeDecay: decay_steps must be at least 1, got -1");
  EXPECT_EQ(thrown<ValueError>([] { CosineDecay(0.1, 0); }),
            "CosineDecay: decay_steps must be at least 1, got 0");
  EXPECT_EQ(thrown<ValueError>([] { CosineDecayRestarts(0.1, 0); }),
            "CosineDecayRestarts: first_decay_steps must be at least 1, got 0");
  EXPECT_EQ(thrown<ValueError>([] { CosineDecay(0.1, 10, {.warmup_target = 0.5, .warmup_steps = -1}); }),
            "CosineDecay: warmup_steps must be at least 0, got -1");
}

TEST(Schedules, RefuseNumbersOutOfRange) {
  EXPECT_EQ(thrown<ValueError>([] { ExponentialDecay(-0.1, 10, 0.5); }),
            "ExponentialDecay: initial_learning_rate must be finite and at least 0, got -0.1");
  EXPECT_EQ(thrown<ValueError>([] { ExponentialDecay(0.1, 10, -0.5); }),
            "ExponentialDecay: decay_rate must be finite and at least 0, got -0.5");
  EXPECT_EQ(thrown<ValueError>([] { InverseTimeDecay(0.1, 10, kNaN); }),
            "InverseTimeDecay: decay_rate must be finite and at least 0, got nan");
  EXPECT_EQ(thrown<ValueError>([] { PolynomialDecay(0.1, 10, {.end_learning_rate = -1}); }),
            "PolynomialDecay: end_learning_rate must be finite and at least 0, got -1.0");
  EXPECT_EQ(thrown<ValueError>([] { PolynomialDecay(0.1, 10, {.power = -1}); }),
            "PolynomialDecay: power must be finite and at least 0, got -1.0");
  EXPECT_EQ(thrown<ValueError>([] { CosineDecay(kNaN, 10); }),
            "CosineDecay: initial_learning_rate must be finite and at least 0, got nan");
  EXPECT_EQ(thrown<ValueError>([] { CosineDecay(0.1, 10, {.alpha = 1.5}); }),
            "CosineDecay: alpha must be in [0, 1], got 1.5");
  EXPECT_EQ(thrown<ValueError>([] { CosineDecay(0.1, 10, {.warmup_target = -0.5}); }),
            "CosineDecay: warmup_target must be finite and at least 0, got -0.5");
  EXPECT_EQ(thrown<ValueError>([] { CosineDecayRestarts(0.1, 10, {.t_mul = 0}); }),
            "CosineDecayRestarts: t_mul must be above 0, got 0.0");
  EXPECT_EQ(thrown<ValueError>([] { CosineDecayRestarts(0.1, 10, {.m_mul = -1}); }),
            "CosineDecayRestarts: m_mul must be finite and at least 0, got -1.0");
  EXPECT_EQ(thrown<ValueError>([] { CosineDecayRestarts(0.1, 10, {.alpha = -1}); }),
            "CosineDecayRestarts: alpha must be in [0, 1], got -1.0");
}

TEST(Schedules, BoundariesIncreaseAndHaveOneValueMore) {
  EXPECT_EQ(
      thrown<ValueError>([] {
        PiecewiseConstantDecay({5, 10}, {0.1, 0.2});
      }),
      "PiecewiseConstantDecay: there must be one value more than there are boundaries, got 2 boundaries "
      "and 2 values");
  EXPECT_EQ(thrown<ValueError>([] {
              PiecewiseConstantDecay({10, 5}, {0.1, 0.2, 0.3});
            }),
            "PiecewiseConstantDecay: boundaries must increase, got 5 after 10");
  EXPECT_EQ(thrown<ValueError>([] {
              PiecewiseConstantDecay({5}, {0.1, -0.2});
            }),
            "PiecewiseConstantDecay: each value must be finite and at least 0, got -0.2");
}

TEST(LearningRate, IsANumberAScheduleOrAFunctionOfTheStep) {
  EXPECT_FALSE(LearningRate(0.5).is_schedule());
  EXPECT_EQ(LearningRate(0.5)(17), 0.5);
  const LearningRate kept = ExponentialDecay(0.5, 1, 0.5);  // stays what it is
  EXPECT_TRUE(kept.is_schedule());
  EXPECT_EQ(kept(2), 0.125);
  const Parameter w("w", Tensor{0.0});
  SGD optimizer({w}, {.learning_rate = [](std::int64_t step) { return step == 0 ? 1.0 : 0.25; }});
  EXPECT_EQ(optimizer.learning_rate(), 1);
  optimizer.apply({Tensor{-1.0}});
  EXPECT_EQ(w.value().item(), 1);
  EXPECT_EQ(optimizer.learning_rate(), 0.25);
  optimizer.apply({Tensor{-1.0}});
  EXPECT_EQ(w.value().item(), 1.25);
}

TEST(LearningRate, OfAScheduleIsNotSettableByANumber) {
  Optimizer optimizer = Adam({.learning_rate = CosineDecay(0.5, 10)});
  EXPECT_EQ(thrown<StateError>([&] { optimizer.set_learning_rate(0.1); }),
            "set_learning_rate: the learning rate of Adam is a schedule: make the optimizer with a number to "
            "be able to set it");
  EXPECT_EQ(optimizer.learning_rate(), 0.5);
  optimizer.set_learning_rate(ExponentialDecay(0.25, 10, 0.5));
  EXPECT_EQ(optimizer.learning_rate(), 0.25);
  Optimizer fixed = "sgd";
  fixed.set_learning_rate(CosineDecay(0.5, 10));
  EXPECT_EQ(fixed.learning_rate(), 0.5);
}

TEST(LearningRate, OfAFunctionThatFailsStopsTheStepBeforeAnythingChanges) {
  const Parameter w("w", Tensor{1.0});
  SGD optimizer({w}, {.learning_rate = [](std::int64_t step) { return step == 1 ? kNaN : 0.5; },
                      .weight_decay = 0.5,
                      .use_ema = true});
  optimizer.apply({Tensor{1.0}});
  const Tensor before = w.value().clone();
  EXPECT_EQ(thrown<ValueError>([&] { optimizer.apply({Tensor{1.0}}); }),
            "SGD at step 1: learning_rate must be finite and at least 0, got nan");
  EXPECT_TRUE(identical(w.value(), before));
  EXPECT_EQ(optimizer.iterations(), 1);
  EXPECT_THAT(thrown<ValueError>([] { SGD({.learning_rate = LearningRate::Schedule()}); }), HasSubstr("nan"));
}

TEST(LearningRate, OfAScheduleContinuesFromSavedState) {
  const auto make = [] { return SGD({.learning_rate = ExponentialDecay(0.5, 2, 0.5), .momentum = 0.5}); };
  const Parameter w("w", Tensor{1.0});
  Optimizer optimizer = make(), resumed = make();
  optimizer.build({w});
  for (int step = 0; step < 4; ++step) optimizer.apply({Tensor{0.5}});
  const auto state = optimizer.variables();
  ASSERT_EQ(state.size(), 2U);  // the iteration and a momentum
  resumed.build({w});
  resumed.set_variables({state[0].value, state[1].value});
  EXPECT_EQ(resumed.learning_rate(), 0.125);
}

}  // namespace

}  // namespace gradus
