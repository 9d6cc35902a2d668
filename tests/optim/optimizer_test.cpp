#include <gradus/graph/accumulate.h>
#include <gradus/graph/error.h>
#include <gradus/graph/memory.h>
#include <gradus/graph/parameters.h>
#include <gradus/graph/random.h>
#include <gradus/optim/adadelta.h>
#include <gradus/optim/adagrad.h>
#include <gradus/optim/adam.h>
#include <gradus/optim/adamax.h>
#include <gradus/optim/adamw.h>
#include <gradus/optim/ftrl.h>
#include <gradus/optim/lion.h>
#include <gradus/optim/nadam.h>
#include <gradus/optim/rmsprop.h>
#include <gradus/optim/schedules.h>
#include <gradus/optim/sgd.h>

#include "thrown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace gradus {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Optimizer all_kinds(std::size_t i) {
  if (i == 0) return SGD();
  if (i == 1) return SGD({.momentum = 0.9});
  if (i == 2) return Adam();
  if (i == 3) return Adam({.amsgrad = true});
  if (i == 4) return RMSprop();
  if (i == 5) return RMSprop({.momentum = 0.9, .centered = true});
  if (i == 6) return Adagrad();
  if (i == 7) return Adadelta();
  if (i == 8) return Adamax();
  if (i == 9) return Nadam();
  if (i == 10) return AdamW({.weight_decay = 0});
  if (i == 11) return Lion();
  return SGD({.momentum = 0.9, .nesterov = true});
}
constexpr std::size_t kKinds = 13;

// A parameter with a gradient, as backward leaves it.
Parameter parameter_with_gradient(std::string_view name, const Tensor& value, const Tensor& gradient) {
  Parameter parameter(name, value);
  parameter.node().set_grad(gradient.clone());
  return parameter;
}

// A result of an op.
Variable sum_of(const Variable& a, const Variable& b) { return accumulate(a, b); }

TEST(Optimizer, IsMadeFromAName) {
  EXPECT_EQ(Optimizer("sgd").name(), "SGD");
  EXPECT_EQ(Optimizer("adam").name(), "Adam");
  EXPECT_EQ(Optimizer("rmsprop").name(), "RMSprop");
  EXPECT_EQ(Optimizer(std::string("adagrad")).name(), "Adagrad");
  EXPECT_EQ(Optimizer("adadelta").name(), "Adadelta");
  EXPECT_EQ(Optimizer("adamax").name(), "Adamax");
  EXPECT_EQ(Optimizer("nadam").name(), "Nadam");
  EXPECT_EQ(Optimizer("AdamW").name(), "AdamW");
  EXPECT_EQ(Optimizer("lion").name(), "Lion");
  EXPECT_EQ(Optimizer("ftrl").name(), "Ftrl");
  EXPECT_EQ(Optimizer("adamw").kind().options().weight_decay, 0.004);
  EXPECT_EQ(Optimizer("adam").kind().options().weight_decay, 0);
  EXPECT_EQ(Optimizer("RMSprop").name(), "RMSprop");
  EXPECT_EQ(Optimizer("SGD").learning_rate(), 0.01);
  EXPECT_EQ(Optimizer("adam").learning_rate(), 0.001);
}

TEST(Optimizer, AnUnknownNameListsTheKnownOnesAndTheNearest) {
  EXPECT_EQ(thrown<ValueError>([] { Optimizer("adamm"); }),
            "unknown optimizer 'adamm'; known are 'adadelta', 'adagrad', 'adam', 'adamax', 'adamw', 'ftrl', "
            "'lion', "
            "'nadam', 'rmsprop', 'sgd'; did you mean 'adam'?");
  EXPECT_THAT(thrown<ValueError>([] { Optimizer(" sgd"); }), HasSubstr("did you mean 'sgd'?"));
}

TEST(Optimizer, StaysWhatItIsWhenKeptAsOptimizer) {
  const Parameter w("w", Tensor{1.0});
  Adam adam({.learning_rate = 3e-4});
  Optimizer handle = adam;
  handle.build({w});
  EXPECT_TRUE(adam.built());
  EXPECT_EQ(handle.name(), "Adam");
  EXPECT_EQ(handle.learning_rate(), 3e-4);
}

TEST(Optimizer, AMovedHandleIsStillOne) {
  Optimizer first = "sgd";
  const Optimizer second = std::move(first);
  EXPECT_EQ(first.name(), "SGD");  // NOLINT: that is the point
  EXPECT_EQ(second.name(), "SGD");
}

TEST(Optimizer, TakesParametersFirst) {
  const Parameter w = parameter_with_gradient("w", Tensor{1.0, 2.0}, Tensor{10.0, -10.0});
  const Parameter b = parameter_with_gradient("b", Tensor{0.5}, Tensor{1.0});
  SGD optimizer({w, b}, {.learning_rate = 0.1});
  optimizer.step();
  EXPECT_THAT(w.value().to_vector<double>(), ElementsAre(0, 3));
  EXPECT_THAT(b.value().to_vector<float>(), ElementsAre(0.4F));
  SGD of_one({w});
  EXPECT_EQ(of_one.parameters().size(), 1U);
  const std::vector<Parameter> list = {w, b};
  EXPECT_EQ(Adam(list).parameters().size(), 2U);
}

TEST(Optimizer, LeavesGradientsAndZeroGradDropsThem) {
  const Parameter w = parameter_with_gradient("w", Tensor{1.0}, Tensor{2.0});
  SGD optimizer({w}, {.clipvalue = 0.5});
  optimizer.step();
  EXPECT_EQ(w.grad().item(), 2);
  EXPECT_NEAR(w.value().item(), 0.995, 1e-7);
  optimizer.zero_grad();
  EXPECT_FALSE(w.has_grad());
}

TEST(Optimizer, SkipsParametersWithoutAGradient) {
  const Parameter w = parameter_with_gradient("w", Tensor{1.0}, Tensor{1.0});
  const Parameter unused("unused", Tensor{1.0});
  Adam optimizer({w, unused}, {.weight_decay = 0.1});
  optimizer.step();
  EXPECT_LT(w.value().item(), 1);
  EXPECT_EQ(unused.value().item(), 1);
  EXPECT_EQ(optimizer.iterations(), 1);
}

TEST(Optimizer, AStepBeforeBackwardIsAnError) {
  const Parameter w("w", Tensor{1.0}), b("b", Tensor{1.0});
  SGD optimizer({w, b});
  EXPECT_EQ(
      thrown<StateError>([&] { optimizer.step(); }),
      "step: none of the 2 parameters of SGD has a gradient: call backward on a loss that depends on them "
      "first");
  EXPECT_EQ(optimizer.iterations(), 0);
  w.node().set_grad(Tensor{1.0});
  optimizer.step();  // usable afterwards
  EXPECT_EQ(optimizer.iterations(), 1);
}

TEST(Optimizer, CallsBeforeBuildAreErrors) {
  Optimizer optimizer = "adam";
  const std::string text = "Adam knows no parameters yet: call build with them first";
  EXPECT_EQ(thrown<StateError>([&] { optimizer.step(); }), "step: " + text);
  EXPECT_EQ(thrown<StateError>([&] { optimizer.apply({Tensor{1.0}}); }), "apply: " + text);
  EXPECT_EQ(thrown<StateError>([&] { optimizer.zero_grad(); }), "zero_grad: " + text);
  EXPECT_EQ(thrown<StateError>([&] { optimizer.variables(); }), "variables: " + text);
  EXPECT_EQ(thrown<StateError>([&] { optimizer.parameters(); }), "parameters: " + text);
  EXPECT_EQ(thrown<StateError>([&] { optimizer.set_variables({}); }), "set_variables: " + text);
}

TEST(Optimizer, RefusesWhatCannotBeTrained) {
  const Parameter w("w", Tensor{1.0, 2.0});
  Optimizer optimizer = "sgd";
  EXPECT_EQ(thrown<ValueError>([&] { optimizer.build({}); }), "SGD build: there are no parameters");
  EXPECT_EQ(thrown<ValueError>([&] {
              optimizer.build({w, w});
            }),
            "SGD build: parameter 1, 'w' [2], is the same as parameter 0: it would be updated twice");
  const Variable over_same_values(w.value().reshape({2, 1}), {.requires_grad = true});
  EXPECT_THAT(thrown<ValueError>([&] {
                optimizer.build({w, over_same_values});
              }),
              HasSubstr("is the same as parameter 0"));
  EXPECT_EQ(thrown<ValueError>([&] {
              optimizer.build({w, Variable(Tensor{1.0})});
            }),
            "SGD build: parameter 1, [1], is a constant: make it a Parameter, or a Variable with "
            "{.requires_grad = true}");
  EXPECT_EQ(thrown<DTypeError>([&] { optimizer.build(Variable(Tensor({1}, DType::int32))); }),
            "SGD build: parameter 0, [1], is int32: only float32 and float64 can be trained");
  EXPECT_EQ(thrown<StateError>([&] {
              optimizer.build({w, Variable()});
            }),
            "SGD build: parameter 1 is undefined");
  EXPECT_THAT(thrown<ValueError>([&] {
                optimizer.build({w, sum_of(w, w)});
              }),
              HasSubstr("only a leaf can be trained"));
  EXPECT_FALSE(optimizer.built());
}

TEST(Optimizer, BuildsOnceForOneListOfParameters) {
  const Parameter w = parameter_with_gradient("w", Tensor{1.0}, Tensor{1.0}), b("b", Tensor{1.0});
  Adam optimizer({w});
  optimizer.step();
  optimizer.build({w});
  EXPECT_EQ(optimizer.iterations(), 1);
  EXPECT_THAT(thrown<StateError>([&] {
                optimizer.build({w, b});
              }),
              HasSubstr("Adam build: is built for 1 parameters already"));
  optimizer.set_learning_rate(0.5);
  optimizer.reset();
  EXPECT_FALSE(optimizer.built());
  EXPECT_EQ(optimizer.learning_rate(), 0.5);
  optimizer.build({w, b});
  EXPECT_EQ(optimizer.iterations(), 0);
}

TEST(Optimizer, AppliesGivenGradientsOrNothing) {
  const Parameter w("w", Tensor{1.0, 2.0}), b("", Tensor({1.0}, DType::float64));
  SGD optimizer({w, b}, {.learning_rate = 1});
  EXPECT_EQ(thrown<ShapeError>([&] {
              optimizer.apply({Tensor{1.0, 1.0}});
            }),
            "apply: 1 gradients for the 2 parameters of SGD");
  EXPECT_EQ(thrown<ShapeError>([&] {
              optimizer.apply({Tensor{1.0, 1.0}, Tensor{{1.0}}});
            }),
            "apply: the gradient of parameter_1 is float32 [1, 1], the parameter is float64 [1]");
  EXPECT_EQ(thrown<DTypeError>([&] {
              optimizer.apply({Tensor{1.0, 1.0}, Tensor{1.0}});
            }),
            "apply: the gradient of parameter_1 is float32 [1], the parameter is float64 [1]");
  EXPECT_THAT(thrown<StateError>([&] {
                optimizer.apply({Tensor(), Tensor()});
              }),
              HasSubstr("has a gradient"));
  EXPECT_THAT(w.value().to_vector<double>(), ElementsAre(1, 2));  // nothing was half done
  optimizer.apply({Tensor{1.0, -1.0}, Tensor()});
  EXPECT_THAT(w.value().to_vector<double>(), ElementsAre(0, 3));
  optimizer.apply({Variable(Tensor{1.0, 1.0}), Variable(Tensor({0.5}, DType::float64))});
  EXPECT_THAT(w.value().to_vector<double>(), ElementsAre(-1, 2));
  EXPECT_EQ(b.value().item(), 0.5);
}

TEST(Optimizer, TakesAParametersOwnValuesAsGradient) {
  const Parameter a("a", Tensor{4.0}), b("b", Tensor{10.0});
  SGD optimizer({a, b}, {.learning_rate = 0.5});
  optimizer.apply({a.value(), a.value()});
  EXPECT_EQ(a.value().item(), 2);
  EXPECT_EQ(b.value().item(), 8);
}

TEST(Optimizer, AGraphThatNeedsTheOldValuesNoticesAStep) {
  const Parameter w = parameter_with_gradient("w", Tensor{1.0}, Tensor{1.0});
  for (std::size_t i = 0; i < kKinds; ++i) {
    const auto before = w.value().version();
    Optimizer optimizer = all_kinds(i);
    optimizer.build({w});
    optimizer.step();
    EXPECT_GT(w.value().version(), before) << optimizer.name();
  }
}

TEST(Optimizer, LearningRateZeroLeavesEveryBit) {
  for (std::size_t i = 0; i < kKinds; ++i) {
    const Tensor values{1.0 / 3, -1e-30, 12345.678, 0.0, 1e30};
    const Parameter w("w", values), wide("wide", values.cast(DType::float64));
    Optimizer optimizer = all_kinds(i);
    optimizer.set_learning_rate(0);
    optimizer.build({w, wide});
    for (int step = 0; step < 3; ++step) {
      const Tensor gradient{1.0, -2.0, 3.0, 0.0, 1e10};
      optimizer.apply({gradient, gradient.cast(DType::float64)});
    }
    EXPECT_TRUE(identical(w.value(), values)) << optimizer.name();
    EXPECT_TRUE(identical(wide.value(), values.cast(DType::float64))) << optimizer.name();
  }
}

TEST(Optimizer, EachElementIsUpdatedAsIfItWereAlone) {
  constexpr std::int64_t kSize = 3000, kPart = 100;
  Random random(1);
  const Tensor value = random.uniform({kSize}), gradient = random.uniform({kSize}, {.low = -1, .high = 1});
  for (std::size_t i = 0; i < kKinds; ++i) {
    const Parameter whole = parameter_with_gradient("whole", value, gradient);
    std::vector<Variable> parts;
    for (std::int64_t begin = 0; begin < kSize; begin += kPart) {
      parts.push_back(parameter_with_gradient("part", value.rows(begin, begin + kPart),
                                              gradient.rows(begin, begin + kPart)));
    }
    Optimizer optimizer = all_kinds(i), optimizer_of_parts = all_kinds(i);
    optimizer.build({whole});
    optimizer_of_parts.build(parts);
    for (int step = 0; step < 3; ++step) {
      optimizer.step();
      optimizer_of_parts.step();
    }
    for (std::int64_t begin = 0; begin < kSize; begin += kPart) {
      const Variable& part = parts[static_cast<std::size_t>(begin / kPart)];
      ASSERT_TRUE(identical(whole.value().rows(begin, begin + kPart), part.value()))
          << optimizer.name() << " from " << begin;
    }
  }
}

TEST(Optimizer, NaNInAGradientReachesTheParameter) {
  for (std::size_t i = 0; i < kKinds; ++i) {
    const Parameter w("w", Tensor{1.0, 1.0});
    Optimizer optimizer = all_kinds(i);
    optimizer.build({w});
    optimizer.apply({Tensor{kNaN, 1.0}});
    EXPECT_TRUE(std::isnan(w.value()(0))) << optimizer.name();
    EXPECT_TRUE(std::isfinite(w.value()(1))) << optimizer.name();
  }
}

TEST(Optimizer, AZeroGradientGivesNoNaN) {
  for (std::size_t i = 0; i < kKinds; ++i) {
    const Parameter w("w", Tensor{1.0});
    Optimizer optimizer = all_kinds(i);
    optimizer.build({w});
    for (int step = 0; step < 3; ++step) optimizer.apply({Tensor{0.0}});
    EXPECT_EQ(w.value().item(), 1) << optimizer.name();
  }
}

TEST(Optimizer, TakesParametersOfNoElementsAndScalars) {
  for (std::size_t i = 0; i < kKinds; ++i) {
    const Parameter none("none", Tensor::zeros({0, 3})), scalar("scalar", Tensor::scalar(1));
    Optimizer optimizer = all_kinds(i);
    optimizer.build({none, scalar});
    optimizer.apply({Tensor::zeros({0, 3}), Tensor::scalar(1)});
    EXPECT_LT(scalar.value().item(), 1) << optimizer.name();
  }
}

TEST(Optimizer, GlobalClipnormScalesAllGradientsByOneFactor) {
  const Parameter a("a", Tensor{0.0}), b("b", Tensor({0.0}, DType::float64));
  SGD optimizer({a, b}, {.learning_rate = 1, .global_clipnorm = 1});
  optimizer.apply({Tensor{3.0}, Tensor({4.0}, DType::float64)});
  EXPECT_NEAR(a.value().item(), -0.6, 1e-7);
  EXPECT_NEAR(b.value().item(), -0.8, 1e-15);
  optimizer.apply({Tensor{kNaN}, Tensor({4.0}, DType::float64)});
  EXPECT_TRUE(std::isnan(a.value().item()));
  EXPECT_TRUE(std::isnan(b.value().item()));
}

TEST(Optimizer, ListsItsStateInKerassOrder) {
  const Parameter w("w", Tensor{1.0, 2.0}), b("", Tensor{1.0});
  const auto names = [&](Optimizer optimizer) {
    optimizer.build({w, b});
    std::vector<std::string> result;
    for (const auto& state : optimizer.variables()) result.push_back(state.name);
    return result;
  };
  EXPECT_THAT(names("sgd"), ElementsAre("iteration", "learning_rate"));
  EXPECT_THAT(names(SGD({.momentum = 0.5})),
              ElementsAre("iteration", "learning_rate", "w_momentum", "parameter_1_momentum"));
  EXPECT_THAT(names(Adam({.amsgrad = true})),
              ElementsAre("iteration", "learning_rate", "w_momentum", "w_velocity", "parameter_1_momentum",
                          "parameter_1_velocity", "w_velocity_hat", "parameter_1_velocity_hat"));
  EXPECT_THAT(names(RMSprop({.momentum = 0.5, .centered = true})),
              ElementsAre("iteration", "learning_rate", "w_velocity", "parameter_1_velocity", "w_momentum",
                          "parameter_1_momentum", "w_average_gradient", "parameter_1_average_gradient"));
  EXPECT_THAT(names("adagrad"),
              ElementsAre("iteration", "learning_rate", "w_accumulator", "parameter_1_accumulator"));
  EXPECT_THAT(names("adadelta"),
              ElementsAre("iteration", "learning_rate", "w_accumulated_grad", "w_accumulated_delta_var",
                          "parameter_1_accumulated_grad", "parameter_1_accumulated_delta_var"));
  EXPECT_THAT(names("adamax"), ElementsAre("iteration", "learning_rate", "w_momentum", "w_norm",
                                           "parameter_1_momentum", "parameter_1_norm"));
  EXPECT_THAT(names("nadam"), ElementsAre("iteration", "learning_rate", "w_momentum", "w_velocity",
                                          "parameter_1_momentum", "parameter_1_velocity", "u_product"));
  EXPECT_THAT(names(SGD({.learning_rate = CosineDecay(0.1, 10),
                         .momentum = 0.5,
                         .use_ema = true,
                         .gradient_accumulation_steps = 2})),
              ElementsAre("iteration", "w_average", "parameter_1_average", "w_gradient_accumulator",
                          "parameter_1_gradient_accumulator", "w_momentum", "parameter_1_momentum"));
}

TEST(Optimizer, ContinuesBitForBitFromSavedState) {
  for (std::size_t i = 0; i < kKinds; ++i) {
    const Tensor start{1.0, -2.0}, gradient{0.5, 3.0};
    const Parameter w("w", start);
    Optimizer optimizer = all_kinds(i);
    optimizer.build({w});
    for (int step = 0; step < 3; ++step) optimizer.apply({gradient});
    std::vector<Tensor> saved;
    for (const auto& state : optimizer.variables()) saved.push_back(state.value);

    const Parameter copy("w", w.value());
    Optimizer resumed = all_kinds(i);
    resumed.build({copy});
    resumed.set_variables(saved);
    for (int step = 0; step < 3; ++step) {
      optimizer.apply({gradient});
      resumed.apply({gradient});
    }
    EXPECT_TRUE(identical(w.value(), copy.value())) << optimizer.name();
    EXPECT_EQ(resumed.iterations(), 6);
  }
}

TEST(Optimizer, RefusesStateThatDoesNotFit) {
  const Parameter w("w", Tensor{1.0, 2.0});
  SGD optimizer({w}, {.momentum = 0.5});
  const Tensor iteration = Tensor::scalar(7, DType::int64), rate = Tensor::scalar(0.5, DType::float64);
  const Tensor momentum{3.0, 4.0};
  EXPECT_EQ(thrown<ShapeError>([&] {
              optimizer.set_variables({iteration, rate});
            }),
            "set_variables: SGD has 3 values of state, got 2");
  EXPECT_EQ(thrown<ShapeError>([&] {
              optimizer.set_variables({iteration, rate, Tensor{1.0}});
            }),
            "set_variables: value 2, w_momentum, must be float32 [2], got float32 [1]");
  EXPECT_EQ(thrown<DTypeError>([&] {
              optimizer.set_variables({rate, rate, momentum});
            }),
            "set_variables: value 0, iteration, must be an integer scalar, got float64 []");
  EXPECT_EQ(thrown<ValueError>([&] {
              optimizer.set_variables({Tensor::scalar(-1, DType::int64), rate, momentum});
            }),
            "set_variables: iteration must be at least 0, got -1");
  EXPECT_THAT(thrown<ValueError>([&] {
                optimizer.set_variables({iteration, Tensor::scalar(kNaN), momentum});
              }),
              HasSubstr("learning_rate must be finite and at least 0, got nan"));
  EXPECT_EQ(optimizer.iterations(), 0);
  EXPECT_EQ(optimizer.learning_rate(), 0.01);
  optimizer.set_variables({iteration, rate, momentum});
  EXPECT_EQ(optimizer.iterations(), 7);
  EXPECT_EQ(optimizer.learning_rate(), 0.5);
  EXPECT_TRUE(identical(optimizer.variables()[2].value, momentum));
}

// Unlike others it keeps no memory of the values it started from, as in Keras.
TEST(Ftrl, StaysFiniteAtItsEdges) {
  const Parameter w("w", Tensor{1.0, -1.0});
  Ftrl optimizer({w}, {.initial_accumulator_value = 0});
  optimizer.apply({Tensor{0.0, 0.0}});
  EXPECT_THAT(w.value().to_vector<double>(), ElementsAre(0, 0));
  optimizer.apply({Tensor{kNaN, 1.0}});
  EXPECT_TRUE(std::isnan(w.value()(0)));
  EXPECT_LT(w.value()(1), 0);
  const Tensor start{1.0, -1.0};
  const Parameter still("still", start);
  Ftrl({still}, {.learning_rate = 0}).apply({Tensor{3.0, 4.0}});
  EXPECT_TRUE(identical(still.value(), start));
}

struct SignDescent : Optimizer::Kind {
  SignDescent() : Kind(0.5) {}
  std::string_view name() const override { return "SignDescent"; }
  void update(const Update& u) const override {
    const auto w = u.value.mutable_values<float>();
    const auto g = u.gradient.values<float>();
    for (std::size_t i = 0; i < w.size(); ++i) {
      w[i] -= static_cast<float>(u.learning_rate) * std::copysign(1.0F, g[i]);
    }
  }
};

TEST(Optimizer, RunsARuleOfTheUsersOwn) {
  const Parameter w("w", Tensor{1.0, 2.0});
  Optimizer optimizer = SignDescent();
  optimizer.build({w});
  optimizer.apply({Tensor{100.0, -0.001}});
  EXPECT_THAT(w.value().to_vector<double>(), ElementsAre(0.5, 2.5));
}

TEST(Optimizer, ThatRunsOutOfMemoryHasChangedNothing) {
  const Parameter a = parameter_with_gradient("a", Tensor::ones({1000}), Tensor::ones({1000}));
  const Parameter b = parameter_with_gradient("b", Tensor::ones({100000}), Tensor::ones({100000}));
  SGD optimizer({a, b}, {.clipvalue = 0.5});
  set_memory_limit(memory_stats().in_use + 10000);
  EXPECT_THROW(optimizer.step(), MemoryError);
  set_memory_limit(0);
  EXPECT_TRUE(identical(a.value(), Tensor::ones({1000})));
  EXPECT_EQ(optimizer.iterations(), 0);
  optimizer.step();
  EXPECT_NEAR(a.value()(0), 0.995, 1e-6);
}

}  // namespace

}  // namespace gradus
