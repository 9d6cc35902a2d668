#include <gradus/graph/error.h>
#include <gradus/graph/gradcheck.h>
#include <gradus/graph/gradients.h>
#include <gradus/models/activation_function.h>
#include <gradus/models/activations.h>
#include <gradus/ops/reduction.h>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "../says.h"
#include "reference.h"

namespace gradus {

namespace {

using testing_data::says;
using testing_data::pieces::difference;
using testing_data::pieces::reference;

const std::vector<std::string>& names() {
  static const std::vector<std::string> all = {
      "celu",        "elu",        "exponential", "gelu",      "glu",         "hard_shrink",
      "hard_silu",   "hard_tanh",  "leaky_relu",  "linear",    "log_sigmoid", "log_softmax",
      "mish",        "relu",       "relu6",       "selu",      "sigmoid",     "silu",
      "soft_shrink", "softmax",    "softplus",    "softsign",  "sparse_plus", "sparse_sigmoid",
      "sparsemax",   "squareplus", "tanh",        "threshold", "tanh_shrink", "hard_sigmoid",
  };
  return all;
}

TEST(ActivationFunction, KnowsEveryNameOfKeras) {
  for (const std::string& name : names()) {
    const ActivationFunction activation = name;
    EXPECT_EQ(activation.name(), name);
    EXPECT_EQ(difference(activation(reference("x")).value(), "activation." + name), "");
  }
}

TEST(ActivationFunction, AliasesAreWhatTheyStandFor) {
  EXPECT_EQ(ActivationFunction("swish").name(), "silu");
  EXPECT_EQ(ActivationFunction("hard_swish").name(), "hard_silu");
  EXPECT_EQ(difference(ActivationFunction("swish")(reference("x")).value(), "activation.silu"), "");
  EXPECT_EQ(difference(ActivationFunction("hard_swish")(reference("x")).value(), "activation.hard_silu"), "");
}

TEST(ActivationFunction, OpsHaveTheirNames) {
  EXPECT_EQ(ActivationFunction(relu).name(), "relu");
  EXPECT_EQ(ActivationFunction(activations::relu).name(), "relu");
  EXPECT_EQ(ActivationFunction(softmax).name(), "softmax");
  EXPECT_EQ(ActivationFunction(activations::swish).name(), "silu");
  EXPECT_EQ(ActivationFunction(exp).name(), "exponential");
  EXPECT_EQ(ActivationFunction(activations::sparse_plus).name(), "sparse_plus");
  EXPECT_EQ(ActivationFunction(sin).name(), "function");
  EXPECT_TRUE(ActivationFunction(activations::linear).linear());
  EXPECT_TRUE(identical(ActivationFunction(sin)(Tensor{1, 2}).value(), sin(Tensor{1, 2}).value()));
}

TEST(ActivationFunction, LinearGivesBackWhatItGets) {
  const Tensor x = {1, -2};
  for (const ActivationFunction& linear : {ActivationFunction(), ActivationFunction("linear")}) {
    EXPECT_TRUE(linear.linear());
    EXPECT_TRUE(identical(linear(x).value(), x));
    EXPECT_EQ(linear(3).item(), 3);
  }
  EXPECT_FALSE(ActivationFunction("relu").linear());
}

TEST(ActivationFunction, NamesMayDifferInCaseAndUnderscoresOnly) {
  EXPECT_EQ(ActivationFunction("ReLU").name(), "relu");
  EXPECT_EQ(ActivationFunction("HardSigmoid").name(), "hard_sigmoid");
  EXPECT_EQ(ActivationFunction("LOG_SOFTMAX").name(), "log_softmax");
  EXPECT_THAT([] { ActivationFunction(" relu"); },
              says<ValueError>("unknown activation ' relu'", "did you mean 'relu'?"));
  EXPECT_THAT([] { ActivationFunction("relu "); }, says<ValueError>("did you mean 'relu'?"));
  EXPECT_THAT([] { ActivationFunction(""); }, says<ValueError>("unknown activation ''"));
}

TEST(ActivationFunction, AnUnknownNameListsAllOthersOnce) {
  EXPECT_THAT([] { ActivationFunction("rellu"); },
              says<ValueError>("unknown activation 'rellu'; known are 'celu', 'elu', 'exponential', 'gelu'",
                               "'mish', 'relu', 'relu6'", "'threshold'; did you mean 'relu'?"));
  EXPECT_THAT([] { ActivationFunction("sofmax"); }, says<ValueError>("did you mean 'softmax'?"));
}

TEST(ActivationFunction, RefusesAnEmptyFunction) {
  EXPECT_THAT([] { ActivationFunction(std::function<Variable(const Operand&)>()); },
              says<ValueError>("activation: the function is empty"));
}

TEST(ActivationFunction, IsDescribedByItsNameAndMadeAgain) {
  for (const std::string& name : names()) {
    EXPECT_EQ(ActivationFunction(name).serialize().text(), name);
    EXPECT_EQ(ActivationFunction::deserialize(name).name(), name);
  }
  EXPECT_EQ(ActivationFunction(softmax).serialize().text(), "softmax");
  EXPECT_TRUE(ActivationFunction::deserialize({}).linear());
  EXPECT_THAT([] { ActivationFunction([](const Operand& x) { return x * 2; }).serialize(); },
              says<StateError>("a function of one's own has no name"));
  EXPECT_THAT([] { ActivationFunction::deserialize("rellu"); }, says<ValueError>("did you mean 'relu'?"));
  EXPECT_THAT([] { ActivationFunction::deserialize(3); }, says<ValueError>("must be a text"));
}

TEST(Activations, ReluHasKerassOptions) {
  const Tensor x = reference("x");
  using activations::relu;
  EXPECT_EQ(difference(relu(x).value(), "activation.relu"), "");
  EXPECT_EQ(difference(relu(x, {}).value(), "activation.relu"), "");
  EXPECT_EQ(difference(relu(x, {.negative_slope = 0.3}).value(), "relu.slope"), "");
  EXPECT_EQ(difference(relu(x, {.max_value = 2.5}).value(), "relu.max"), "");
  EXPECT_EQ(difference(relu(x, {.max_value = 6}).value(), "relu.six"), "");
  EXPECT_EQ(difference(relu(x, {.threshold = 0.5}).value(), "relu.threshold"), "");
  EXPECT_EQ(difference(relu(x, {.negative_slope = 0.1, .max_value = 3}).value(), "relu.slope_and_max"), "");
  EXPECT_EQ(
      difference(relu(x, {.negative_slope = 0.3, .max_value = 5, .threshold = 0.75}).value(), "relu.all"),
      "");
}

TEST(Activations, ReluRefusesOptionsThatMakeNoSense) {
  const Tensor x = {1};
  EXPECT_THAT([&] { activations::relu(x, {.negative_slope = -1}); },
              says<ValueError>("relu: negative_slope must be finite and not negative, got -1.0"));
  EXPECT_THAT([&] { activations::relu(x, {.max_value = -2}); },
              says<ValueError>("relu: max_value must be finite and not negative, got -2.0"));
  EXPECT_THAT([&] { activations::relu(x, {.threshold = NAN}); },
              says<ValueError>("relu: threshold must be finite, got nan"));
}

TEST(Activations, MadeOfOpsHaveGradientsOfBothOrders) {
  const Tensor x = {-2.3, -1.4, -0.6, -0.2, 0.4, 0.85, 1.3, 2.6};
  EXPECT_TRUE(gradcheck(activations::sparse_plus, {x}));
  EXPECT_TRUE(gradcheck(activations::sparse_sigmoid, {x}));
  const auto relu = [](const Variable& v) {
    return activations::relu(v, {.negative_slope = 0.3, .max_value = 2, .threshold = 0.75});
  };
  EXPECT_TRUE(gradcheck(relu, {x}));
  EXPECT_TRUE(gradcheck([](const Variable& v) { return activations::relu(v, {.max_value = 2}); }, {x}));
}

TEST(Activations, GradientsAtTheKinksAreDocumented) {
  const Parameter x("x", {-1, 1});
  EXPECT_TRUE(identical(gradients(sum(activations::sparse_sigmoid(x)), x)[0].value(), Tensor{0, 0}));
  EXPECT_TRUE(identical(gradients(sum(activations::sparse_plus(x)), x)[0].value(), Tensor{0, 1}));
}

TEST(Activations, KeepInfinitiesNanAndLargeNumbers) {
  const double inf = std::numeric_limits<double>::infinity();
  const Tensor x({-inf, inf, 16777218}, DType::float32);
  EXPECT_TRUE(identical(activations::sparse_plus(x).value(), Tensor{0, inf, 16777218}));
  EXPECT_TRUE(identical(activations::sparse_sigmoid(x).value(), Tensor{0, 1, 1}));
  EXPECT_TRUE(identical(activations::relu(x, {.negative_slope = 0.5, .threshold = 1}).value(),
                        Tensor{-inf, inf, 16777218}));
  for (const char* name : {"sparse_plus", "sparse_sigmoid", "relu", "leaky_relu", "hard_silu"}) {
    EXPECT_TRUE(std::isnan(ActivationFunction(name)(Tensor{NAN}).item())) << name;
  }
}

TEST(Activations, TakeIntegers) {
  const Tensor x({-3, 0, 2}, DType::int32);
  EXPECT_TRUE(identical(activations::sparse_plus(x).value(), Tensor{0, 0.25, 2}));
  EXPECT_TRUE(identical(activations::sparse_sigmoid(x).value(), Tensor{0, 0.5, 1}));
  EXPECT_TRUE(identical(activations::relu(x, {.negative_slope = 0.5, .max_value = 1.5}).value(),
                        Tensor{-1.5, 0, 1.5}));
  EXPECT_EQ(activations::relu(x).dtype(), DType::int32);
}

TEST(Activations, NameTheUsersLineInErrors) {
  EXPECT_THAT(
      [] {
        activations::sparse_plus(Tensor({1, 0}, DType::boolean));
      },
      says<DTypeError>("activation_function_test.cpp:"));
}

}  // namespace

}  // namespace gradus
