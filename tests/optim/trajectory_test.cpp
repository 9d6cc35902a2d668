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

#include "reference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <span>

namespace gradus {

namespace {

using Values = std::vector<double>;
using Maker = std::function<Optimizer()>;

constexpr std::size_t kSteps = 20;

template <class T, class Options>
Maker made(const Options& options) {
  return [options] { return Optimizer(T(options)); };
}
Maker sgd(const SGDOptions& options) { return made<SGD>(options); }
Maker adam(const AdamOptions& options) { return made<Adam>(options); }
Maker adamw(const AdamWOptions& options) { return made<AdamW>(options); }
Maker adamax(const AdamaxOptions& options) { return made<Adamax>(options); }
Maker nadam(const NadamOptions& options) { return made<Nadam>(options); }
Maker rmsprop(const RMSpropOptions& options) { return made<RMSprop>(options); }
Maker adagrad(const AdagradOptions& options) { return made<Adagrad>(options); }
Maker adadelta(const AdadeltaOptions& options) { return made<Adadelta>(options); }
Maker lion(const LionOptions& options) { return made<Lion>(options); }
Maker ftrl(const FtrlOptions& options) { return made<Ftrl>(options); }

Maker excluding(const Maker& make, const WeightDecayExclusion& excluded) {
  return [=] {
    Optimizer optimizer = make();
    optimizer.exclude_from_weight_decay(excluded);
    return optimizer;
  };
}

struct Case {
  std::string name;
  Maker make;
  std::size_t skip_b = 0;  // every so many-th step has no gradient of b
};

std::vector<Case> made_cases() {
  std::vector<Case> all = {
      {"sgd", sgd({.learning_rate = 0.001})},
      {"sgd_momentum", sgd({.learning_rate = 0.0005, .momentum = 0.9})},
      {"sgd_nesterov", sgd({.learning_rate = 0.0005, .momentum = 0.9, .nesterov = true})},
      {"sgd_nesterov_alone", sgd({.learning_rate = 0.001, .nesterov = true})},
      {"sgd_decay", sgd({.learning_rate = 0.001, .weight_decay = 0.5})},
      {"sgd_clipnorm", sgd({.learning_rate = 0.1, .clipnorm = 1.5})},
      {"sgd_clipvalue", sgd({.learning_rate = 0.1, .clipvalue = 0.75})},
      {"sgd_global_clipnorm", sgd({.learning_rate = 0.1, .global_clipnorm = 2})},
      {"sgd_ema", sgd({.learning_rate = 0.001, .use_ema = true})},
      {"sgd_scale", sgd({.learning_rate = 0.001, .clipvalue = 50, .loss_scale_factor = 3})},
      {"sgd_gathers", sgd({.learning_rate = 0.001, .gradient_accumulation_steps = 3})},
      {"adam", adam({})},
      {"adam_options", adam({.learning_rate = 0.05, .beta_1 = 0.8, .beta_2 = 0.99, .epsilon = 1e-3})},
      {"adam_amsgrad", adam({.learning_rate = 0.1, .beta_2 = 0.5, .amsgrad = true})},
      {"adam_decay", adam({.learning_rate = 0.01, .weight_decay = 0.004})},
      {"adam_gathers",
       adam({.learning_rate = 0.05, .weight_decay = 0.1, .clipnorm = 2, .gradient_accumulation_steps = 4})},
      {"adam_all",
       adam({.learning_rate = CosineDecay(0.05, 15),
             .amsgrad = true,
             .weight_decay = 0.1,
             .global_clipnorm = 5,
             .use_ema = true,
             .ema_momentum = 0.75,
             .ema_overwrite_frequency = 3,
             .loss_scale_factor = 1024,
             .gradient_accumulation_steps = 2}),
       5},
      {"adam_restarts",
       adam({.learning_rate = CosineDecayRestarts(0.05, 5), .gradient_accumulation_steps = 3})},
      {"adamw", adamw({})},
      {"adamw_options",
       adamw({.learning_rate = 0.05, .weight_decay = 0.25, .beta_1 = 0.8, .amsgrad = true, .clipvalue = 10})},
      {"adamw_excluded",
       excluding(adamw({.learning_rate = 0.05, .weight_decay = 0.25}), {.var_names = {"b"}})},
      {"adamax", adamax({})},
      {"adamax_options", adamax({.learning_rate = 0.05,
                                 .beta_1 = 0.8,
                                 .beta_2 = 0.75,
                                 .epsilon = 1e-3,
                                 .weight_decay = 0.1,
                                 .clipnorm = 3})},
      {"adamax_ema",
       adamax({.learning_rate = 0.05, .use_ema = true, .ema_momentum = 0.5, .ema_overwrite_frequency = 4})},
      {"nadam", nadam({})},
      {"nadam_options",
       nadam({.learning_rate = 0.05, .beta_1 = 0.8, .beta_2 = 0.9, .epsilon = 1e-3, .weight_decay = 0.1})},
      {"nadam_gathers",
       nadam({.learning_rate = 0.05,
              .use_ema = true,
              .ema_overwrite_frequency = 2,
              .gradient_accumulation_steps = 3}),
       4},
      {"rmsprop", rmsprop({})},
      {"rmsprop_momentum", rmsprop({.learning_rate = 0.01, .rho = 0.8, .momentum = 0.5})},
      {"rmsprop_centered", rmsprop({.learning_rate = 0.01, .epsilon = 1e-3, .centered = true})},
      {"rmsprop_all",
       rmsprop(
           {.learning_rate = 0.01, .momentum = 0.9, .epsilon = 1e-3, .centered = true, .weight_decay = 0.1})},
      {"rmsprop_ema",
       rmsprop({.learning_rate = 0.01, .use_ema = true, .ema_momentum = 0.9, .ema_overwrite_frequency = 1}),
       3},
      {"adagrad", adagrad({})},
      {"adagrad_options", adagrad({.learning_rate = 0.3, .initial_accumulator_value = 0, .epsilon = 1e-5})},
      {"adagrad_gathers", adagrad({.learning_rate = 0.3, .clipvalue = 20, .gradient_accumulation_steps = 2})},
      {"adadelta", adadelta({})},
      {"adadelta_options", adadelta({.learning_rate = 1, .rho = 0.8, .epsilon = 1e-4, .weight_decay = 0.01})},
      {"adadelta_ema", adadelta({.learning_rate = 1, .global_clipnorm = 10, .use_ema = true}), 2},
      {"lion", lion({})},
      {"lion_options", lion({.learning_rate = 0.02,
                             .beta_1 = 0.75,
                             .beta_2 = 0.5,
                             .weight_decay = 0.5,
                             .gradient_accumulation_steps = 2})},
      {"ftrl", ftrl({})},
      {"ftrl_options", ftrl({.learning_rate = 0.05,
                             .learning_rate_power = -0.75,
                             .initial_accumulator_value = 0.25,
                             .l1_regularization_strength = 0.125,
                             .l2_regularization_strength = 0.25,
                             .l2_shrinkage_regularization_strength = 0.5,
                             .beta = 0.75,
                             .clipnorm = 2})},
  };
  for (const auto& [name, schedule] : schedules()) {
    all.push_back({"sgd_" + name, sgd({.learning_rate = schedule})});
  }
  return all;
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = made_cases();
  return all;
}

const Values kA = {1.5, -2.0, 0.25, 0.0, 3.0, -0.125, 1e-3};
const Values kB = {-1.2, 1.0};

// The gradients of make_reference.py, in double whatever the parameter's dtype.
Tensor gradient_of_a(const Tensor& a, double scale = 1) {
  static constexpr std::array<double, 7> kScale = {1.0, 0.1, 10.0, 2.0, 0.5, 1e-3, 100.0};
  Values gradient = a.to_vector<double>();
  for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = scale * (kScale[i] * gradient[i] - 0.5);
  return Tensor(gradient).cast(a.dtype());
}
Tensor gradient_of_b(const Tensor& b, double scale) {
  const double x = b.to_vector<double>()[0], y = b.to_vector<double>()[1];
  const Values gradient = {scale * (-400 * x * (y - x * x) - 2 * (1 - x)), scale * (200 * (y - x * x))};
  return Tensor(gradient).cast(b.dtype());
}

// Relative to the larger of 1 and the value.
void expect_near(std::span<const double> got, std::span<const double> want, double tolerance,
                 const std::string& what) {
  ASSERT_EQ(got.size(), want.size()) << what;
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_NEAR(got[i], want[i], tolerance * std::max(1.0, std::abs(want[i]))) << what << ", element " << i;
  }
}

class Trajectories : public testing::TestWithParam<Case> {
 protected:
  void follow(DType dtype, double tolerance) {
    const Trajectory& reference = reference_trajectory(GetParam().name);
    const Parameter a("a", Tensor(kA).cast(dtype)), b("b", Tensor(kB).cast(dtype));
    Optimizer optimizer = GetParam().make();
    optimizer.build({a, b});
    for (std::size_t step = 0; step < kSteps; ++step) {
      const bool skips = GetParam().skip_b != 0 && (step + 1) % GetParam().skip_b == 0;
      const double scale = optimizer.loss_scale();
      EXPECT_NEAR(optimizer.learning_rate(), reference.rates[step], 1e-15);
      optimizer.apply({gradient_of_a(a.value(), scale), skips ? Tensor() : gradient_of_b(b.value(), scale)});
      const std::string when = " after step " + std::to_string(step);
      expect_near(a.value().to_vector<double>(), std::span(reference.a).subspan(step * 7, 7), tolerance,
                  "a" + when);
      expect_near(b.value().to_vector<double>(), std::span(reference.b).subspan(step * 2, 2), tolerance,
                  "b" + when);
    }
    EXPECT_EQ(static_cast<double>(optimizer.iterations()), reference.iterations[0]);
    expect_state(optimizer.variables(), reference.state, tolerance);
  }

 private:
  static void expect_state(const std::vector<Optimizer::NamedState>& state, const std::vector<Values>& want,
                           double tolerance) {
    EXPECT_EQ(state[0].value.item<std::size_t>(), kSteps);
    const std::size_t first = state.size() > 1 && state[1].name == "learning_rate" ? 2 : 1;
    ASSERT_EQ(state.size(), want.size() + first);
    for (std::size_t i = 0; i < want.size(); ++i) {
      const auto& [name, value] = state[first + i];
      expect_near(value.to_vector<double>(), want[i], tolerance, name);
    }
  }
};

TEST_P(Trajectories, FollowKerasInFloat64) { follow(DType::float64, 1e-12); }
TEST_P(Trajectories, FollowKerasInFloat32) { follow(DType::float32, 1e-4); }

INSTANTIATE_TEST_SUITE_P(Optimizers, Trajectories, testing::ValuesIn(cases()),
                         [](const auto& each) { return each.param.name; });

// Parameters of other sizes than the vector registers, updated as each element alone would be.
TEST(Trajectories, DoNotDependOnTheSizeOfTheParameter) {
  for (const Case& each : cases()) {
    const OptimizerOptions options = each.make().kind().options();
    if (options.clipnorm || options.global_clipnorm) continue;  // a norm is of all elements
    for (const int copies : {1, 3, 8}) {
      Values start;
      for (int copy = 0; copy < copies; ++copy) start.insert(start.end(), kA.begin(), kA.end());
      const Parameter few("few", Tensor(kA)), many("many", Tensor(start));
      Optimizer optimizer = each.make();
      optimizer.build({few, many});
      for (int step = 0; step < 6; ++step) {
        Values gradient;
        const Values one = gradient_of_a(few.value()).to_vector<double>();
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
