#include <gradus/optim/adagrad.h>
#include <gradus/optim/adam.h>
#include <gradus/optim/rmsprop.h>
#include <gradus/optim/sgd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

namespace gradus {

namespace {

using Values = std::vector<double>;

struct Trajectory {
  std::vector<Values> weights;  // after each update
  std::vector<Values> slots;    // at the end
};

std::map<std::string, Trajectory> read_reference() {
  std::ifstream file(GRADUS_SOURCE_DIR "/tests/optim/reference.txt");
  std::map<std::string, Trajectory> result;
  std::string name;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string kind;
    words >> kind;
    if (kind == "case") {
      words >> name;
      continue;
    }
    Values values;
    for (std::string word; words >> word;) values.push_back(std::strtod(word.c_str(), nullptr));
    (kind == "w" ? result[name].weights : result[name].slots).push_back(values);
  }
  return result;
}

const Values kStart = {1.5, -2.0, 0.25, 0.0, 3.0, -0.125, 1e-3};

// The gradient of make_reference.py, in double whatever the parameter's dtype.
Tensor gradient_at(const Tensor& w) {
  static constexpr std::array<double, 7> kScale = {1.0, 0.1, 10.0, 2.0, 0.5, 1e-3, 100.0};
  Values gradient = w.to_vector<double>();
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const double x = gradient[i];
    gradient[i] = kScale[i] * x * (1 + 0.25 * x * x) - 0.5;
  }
  return Tensor(gradient).cast(w.dtype());
}

struct Case {
  std::string name;
  Optimizer (*make)();
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"sgd", [] { return Optimizer(SGD()); }},
      {"sgd_momentum", [] { return Optimizer(SGD({.learning_rate = 0.002, .momentum = 0.9})); }},
      {"sgd_nesterov",
       [] { return Optimizer(SGD({.learning_rate = 0.002, .momentum = 0.9, .nesterov = true})); }},
      {"sgd_decay", [] { return Optimizer(SGD({.weight_decay = 0.5})); }},
      {"sgd_clipnorm", [] { return Optimizer(SGD({.learning_rate = 0.1, .clipnorm = 1.5})); }},
      {"sgd_clipvalue", [] { return Optimizer(SGD({.learning_rate = 0.1, .clipvalue = 0.75})); }},
      {"adam", [] { return Optimizer(Adam()); }},
      {"adam_options",
       [] {
         return Optimizer(Adam({.learning_rate = 0.05, .beta_1 = 0.8, .beta_2 = 0.99, .epsilon = 1e-3}));
       }},
      {"adam_amsgrad",
       [] { return Optimizer(Adam({.learning_rate = 0.1, .beta_2 = 0.5, .amsgrad = true})); }},
      {"adam_decay", [] { return Optimizer(Adam({.learning_rate = 0.01, .weight_decay = 0.004})); }},
      {"rmsprop", [] { return Optimizer(RMSprop()); }},
      {"rmsprop_momentum",
       [] { return Optimizer(RMSprop({.learning_rate = 0.01, .rho = 0.8, .momentum = 0.5})); }},
      {"rmsprop_centered",
       [] { return Optimizer(RMSprop({.learning_rate = 0.01, .epsilon = 1e-3, .centered = true})); }},
      {"rmsprop_all",
       [] {
         return Optimizer(RMSprop({.learning_rate = 0.01,
                                   .momentum = 0.9,
                                   .epsilon = 1e-3,
                                   .centered = true,
                                   .weight_decay = 0.1}));
       }},
      {"adagrad", [] { return Optimizer(Adagrad()); }},
      {"adagrad_options",
       [] {
         return Optimizer(Adagrad({.learning_rate = 0.3, .initial_accumulator_value = 0, .epsilon = 1e-5}));
       }},
  };
  return all;
}

void expect_near(const Values& got, const Values& want, double relative, const std::string& what) {
  ASSERT_EQ(got.size(), want.size()) << what;
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_NEAR(got[i], want[i], relative * std::max(1.0, std::abs(want[i]))) << what << ", element " << i;
  }
}

class Trajectories : public testing::TestWithParam<Case> {
 protected:
  // Follows the reference with `tolerance`, relative to the larger of 1 and the value.
  void follow(DType dtype, double tolerance) {
    const Trajectory reference = read_reference()[GetParam().name];
    ASSERT_EQ(reference.weights.size(), 25U);
    const Parameter w("w", Tensor(kStart).cast(dtype));
    Optimizer optimizer = GetParam().make();
    optimizer.build({w});
    for (std::size_t step = 0; step < reference.weights.size(); ++step) {
      w.node().set_grad(gradient_at(w.value()));
      optimizer.step();
      expect_near(w.value().to_vector<double>(), reference.weights[step], tolerance,
                  "update " + std::to_string(step + 1));
    }
    const auto state = optimizer.variables();
    ASSERT_EQ(state.size(), reference.slots.size() + 2);
    EXPECT_EQ(state[0].value.item<int>(), 25);
    for (std::size_t i = 0; i < reference.slots.size(); ++i) {
      expect_near(state[i + 2].value.to_vector<double>(), reference.slots[i], tolerance, state[i + 2].name);
    }
  }
};

TEST_P(Trajectories, FollowKerasInFloat64) { follow(DType::float64, 1e-13); }
TEST_P(Trajectories, FollowKerasInFloat32) { follow(DType::float32, 3e-6); }

INSTANTIATE_TEST_SUITE_P(Optimizers, Trajectories, testing::ValuesIn(cases()),
                         [](const auto& each) { return each.param.name; });

// 25 parameters of other sizes than the vector registers, updated as each element alone would be.
TEST(Trajectories, DoNotDependOnTheSizeOfTheParameter) {
  for (const Case& each : cases()) {
    if (each.name == "sgd_clipnorm") continue;  // a norm is of all elements
    for (const int copies : {1, 3, 8}) {
      Values start;
      for (int copy = 0; copy < copies; ++copy) start.insert(start.end(), kStart.begin(), kStart.end());
      const Parameter few("few", Tensor(kStart)), many("many", Tensor(start));
      Optimizer optimizer = each.make();
      optimizer.build({few, many});
      for (int step = 0; step < 3; ++step) {
        Values gradient;
        const Values one = gradient_at(few.value()).to_vector<double>();
        for (int copy = 0; copy < copies; ++copy) gradient.insert(gradient.end(), one.begin(), one.end());
        optimizer.apply({Tensor(one), Tensor(gradient)});
      }
      const std::int64_t size = few.value().size();
      for (int copy = 0; copy < copies; ++copy) {
        EXPECT_TRUE(identical(many.value().rows(copy * size, (copy + 1) * size), few.value())) << each.name;
      }
    }
  }
}

TEST(RMSpropCentered, StaysFiniteWhereRoundingTakesTheVarianceBelowZero) {
  const Parameter w("w", Tensor::zeros({3}));
  RMSprop optimizer({w}, {.centered = true});
  for (int step = 0; step < 300; ++step) optimizer.apply({Tensor{1e3, 0.1, 77.7}});
  for (const float value : w.value().values<float>()) EXPECT_TRUE(std::isfinite(value));
}

}  // namespace

}  // namespace gradus
