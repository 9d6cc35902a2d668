#include <gradus/graph/error.h>
#include <gradus/optim/adadelta.h>
#include <gradus/optim/adagrad.h>
#include <gradus/optim/adam.h>
#include <gradus/optim/adamax.h>
#include <gradus/optim/adamw.h>
#include <gradus/optim/ftrl.h>
#include <gradus/optim/lion.h>
#include <gradus/optim/nadam.h>
#include <gradus/optim/rmsprop.h>
#include <gradus/optim/sgd.h>

#include "thrown.h"

#include <gtest/gtest.h>

#include <limits>

namespace gradus {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Hyperparameters, LearningRateMustBeFiniteAndNotNegative) {
  EXPECT_EQ(thrown<ValueError>([] { SGD({.learning_rate = -0.5}); }),
            "SGD: learning_rate must be finite and at least 0, got -0.5");
  EXPECT_EQ(thrown<ValueError>([] { Adam({.learning_rate = kNaN}); }),
            "Adam: learning_rate must be finite and at least 0, got nan");
  EXPECT_EQ(thrown<ValueError>([] { RMSprop({.learning_rate = kInfinity}); }),
            "RMSprop: learning_rate must be finite and at least 0, got inf");
  EXPECT_EQ(thrown<ValueError>([] { Adagrad({.learning_rate = -1}); }),
            "Adagrad: learning_rate must be finite and at least 0, got -1.0");
  Optimizer optimizer = "adam";
  EXPECT_EQ(thrown<ValueError>([&] { optimizer.set_learning_rate(kNaN); }),
            "Adam: learning_rate must be finite and at least 0, got nan");
  EXPECT_EQ(optimizer.learning_rate(), 0.001);
}

TEST(Hyperparameters, BetasMustBeBelowOne) {
  EXPECT_EQ(thrown<ValueError>([] { Adam({.beta_1 = 1}); }), "Adam: beta_1 must be in [0, 1), got 1.0");
  EXPECT_EQ(thrown<ValueError>([] { Adam({.beta_2 = 1}); }), "Adam: beta_2 must be in [0, 1), got 1.0");
  EXPECT_EQ(thrown<ValueError>([] { Adam({.beta_1 = -0.1}); }), "Adam: beta_1 must be in [0, 1), got -0.1");
  EXPECT_EQ(thrown<ValueError>([] { Adam({.beta_2 = kNaN}); }), "Adam: beta_2 must be in [0, 1), got nan");
  EXPECT_EQ(thrown<ValueError>([] { RMSprop({.rho = 1}); }), "RMSprop: rho must be in [0, 1), got 1.0");
  EXPECT_EQ(thrown<ValueError>([] { AdamW({.beta_1 = 1}); }), "AdamW: beta_1 must be in [0, 1), got 1.0");
  EXPECT_EQ(thrown<ValueError>([] { Adamax({.beta_1 = -0.1}); }),
            "Adamax: beta_1 must be in [0, 1), got -0.1");
  EXPECT_EQ(thrown<ValueError>([] { Nadam({.beta_2 = 1}); }), "Nadam: beta_2 must be in [0, 1), got 1.0");
  EXPECT_EQ(thrown<ValueError>([] { Adadelta({.rho = 1}); }), "Adadelta: rho must be in [0, 1), got 1.0");
  EXPECT_NO_THROW(Adam({.beta_1 = 0, .beta_2 = 0}));
}

TEST(Hyperparameters, OfLionAndFtrlHaveTheirRanges) {
  EXPECT_EQ(thrown<ValueError>([] { Lion({.beta_1 = 0}); }), "Lion: beta_1 must be above 0, got 0.0");
  EXPECT_EQ(thrown<ValueError>([] { Lion({.beta_1 = 1.5}); }), "Lion: beta_1 must be in [0, 1], got 1.5");
  EXPECT_EQ(thrown<ValueError>([] { Lion({.beta_2 = -1}); }), "Lion: beta_2 must be in [0, 1], got -1.0");
  EXPECT_EQ(thrown<ValueError>([] { Ftrl({.learning_rate_power = 0.5}); }),
            "Ftrl: learning_rate_power must be finite and at most 0, got 0.5");
  EXPECT_EQ(thrown<ValueError>([] { Ftrl({.initial_accumulator_value = -0.1}); }),
            "Ftrl: initial_accumulator_value must be finite and at least 0, got -0.1");
  EXPECT_EQ(thrown<ValueError>([] { Ftrl({.l1_regularization_strength = -1}); }),
            "Ftrl: l1_regularization_strength must be finite and at least 0, got -1.0");
  EXPECT_EQ(thrown<ValueError>([] { Ftrl({.l2_regularization_strength = kNaN}); }),
            "Ftrl: l2_regularization_strength must be finite and at least 0, got nan");
  EXPECT_EQ(thrown<ValueError>([] { Ftrl({.l2_shrinkage_regularization_strength = -1}); }),
            "Ftrl: l2_shrinkage_regularization_strength must be finite and at least 0, got -1.0");
  EXPECT_EQ(thrown<ValueError>([] { Ftrl({.beta = -1}); }),
            "Ftrl: beta must be finite and at least 0, got -1.0");
}

TEST(Hyperparameters, EpsilonMustKeepADivisionFromZeroInFloat32) {
  const std::string text =
      ": epsilon must be finite and at least 1.2e-38, float32's least normal number, got ";
  EXPECT_EQ(thrown<ValueError>([] { Adam({.epsilon = 0}); }), "Adam" + text + "0.0");
  EXPECT_EQ(thrown<ValueError>([] { RMSprop({.epsilon = -1e-7}); }), "RMSprop" + text + "-1e-07");
  EXPECT_EQ(thrown<ValueError>([] { Adagrad({.epsilon = 1e-50}); }), "Adagrad" + text + "1e-50");
  EXPECT_EQ(thrown<ValueError>([] { AdamW({.epsilon = 0}); }), "AdamW" + text + "0.0");
  EXPECT_EQ(thrown<ValueError>([] { Adamax({.epsilon = 0}); }), "Adamax" + text + "0.0");
  EXPECT_EQ(thrown<ValueError>([] { Nadam({.epsilon = 0}); }), "Nadam" + text + "0.0");
  EXPECT_EQ(thrown<ValueError>([] { Adadelta({.epsilon = 0}); }), "Adadelta" + text + "0.0");
}

TEST(Hyperparameters, MomentumMustBeAFraction) {
  EXPECT_EQ(thrown<ValueError>([] { SGD({.momentum = 1.5}); }), "SGD: momentum must be in [0, 1], got 1.5");
  EXPECT_EQ(thrown<ValueError>([] { RMSprop({.momentum = -0.5}); }),
            "RMSprop: momentum must be in [0, 1], got -0.5");
}

TEST(Hyperparameters, NesterovWithoutMomentumIsPlainDescent) {
  const Parameter plain("plain", Tensor{1.0}), nesterov("nesterov", Tensor{1.0});
  SGD({plain}).apply({Tensor{0.3}});
  SGD({nesterov}, {.nesterov = true}).apply({Tensor{0.3}});
  EXPECT_TRUE(identical(plain.value(), nesterov.value()));
}

TEST(Hyperparameters, TheAccumulatorMustNotStartBelowZero) {
  EXPECT_EQ(thrown<ValueError>([] { Adagrad({.initial_accumulator_value = -0.1}); }),
            "Adagrad: initial_accumulator_value must be finite and at least 0, got -0.1");
}

TEST(Hyperparameters, WeightDecayMustNotBeNegative) {
  EXPECT_EQ(thrown<ValueError>([] { Adam({.weight_decay = -0.01}); }),
            "Adam: weight_decay must be finite and at least 0, got -0.01");
  EXPECT_EQ(thrown<ValueError>([] { AdamW({.weight_decay = kNaN}); }),
            "AdamW: weight_decay must be finite and at least 0, got nan");
}

TEST(Hyperparameters, AveragesScaleAndGatheringHaveTheirRanges) {
  EXPECT_EQ(thrown<ValueError>([] { SGD({.use_ema = true, .ema_momentum = 1.5}); }),
            "SGD: ema_momentum must be in [0, 1], got 1.5");
  EXPECT_EQ(thrown<ValueError>([] { Adam({.use_ema = true, .ema_overwrite_frequency = 0}); }),
            "Adam: ema_overwrite_frequency must be at least 1, got 0");
  EXPECT_EQ(thrown<ValueError>([] { Nadam({.loss_scale_factor = 0}); }),
            "Nadam: loss_scale_factor must be finite and above 0, got 0.0");
  EXPECT_EQ(thrown<ValueError>([] { Nadam({.loss_scale_factor = kInfinity}); }),
            "Nadam: loss_scale_factor must be finite and above 0, got inf");
  EXPECT_EQ(thrown<ValueError>([] { Adamax({.gradient_accumulation_steps = 1}); }),
            "Adamax: gradient_accumulation_steps must be at least 2, got 1");
}

TEST(Hyperparameters, OneWayToClipAtMost) {
  EXPECT_EQ(thrown<ValueError>([] { SGD({.clipnorm = 0}); }), "SGD: clipnorm must be above 0, got 0.0");
  EXPECT_EQ(thrown<ValueError>([] { Adam({.clipvalue = -1}); }), "Adam: clipvalue must be above 0, got -1.0");
  EXPECT_EQ(thrown<ValueError>([] { RMSprop({.global_clipnorm = kNaN}); }),
            "RMSprop: global_clipnorm must be above 0, got nan");
  EXPECT_EQ(thrown<ValueError>([] { Adagrad({.clipnorm = 1, .clipvalue = 1}); }),
            "Adagrad: only one of clipnorm, clipvalue and global_clipnorm can be given");
}

}  // namespace

}  // namespace gradus
