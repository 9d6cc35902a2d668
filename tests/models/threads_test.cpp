// What several threads may do with models, and what becomes of models in a forked child and at exit.

#include <gradus/gradus.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "example_data.h"

namespace gradus {
namespace {

using testing_data::same_weights;
using testing_data::sums;

class Threads : public testing::Test {
 protected:
  Threads() { set_num_threads(4); }
  ~Threads() override { set_num_threads(before_); }

 private:
  int before_ = num_threads();
};

// Wide enough for loops that the pool shares out, with draws of its own in each step.
Sequential net(std::uint64_t seed) {
  Sequential model({Dense(256, {.activation = "relu", .input_dim = 256}), Dropout(0.3), Dense(1)},
                   {.seed = seed});
  model.compile({.optimizer = Adam({.learning_rate = 0.001}), .loss = "mse"});
  return model;
}
const testing_data::Example& data() {
  static const testing_data::Example made = sums(1024, 256);
  return made;
}
Sequential trained(std::uint64_t seed) {
  Sequential model = net(seed);
  model.fit(data().x, data().y, {.batch_size = 512, .epochs = 3, .verbose = 0});
  return model;
}
template <class Body>
void at_once(const Body& body) {
  std::thread other([&] { body(1); });
  body(0);
  other.join();
}

TEST_F(Threads, TrainIndependentModelsAsOneDoes) {
  const Sequential alone[] = {trained(1), trained(2)};
  Sequential together[2];
  at_once([&](std::size_t i) { together[i] = trained(i + 1); });
  for (std::size_t i = 0; i < 2; ++i) EXPECT_TRUE(same_weights(together[i], alone[i].get_weights()));
}

TEST_F(Threads, DrawTheSameNumbersFromRandomsOfTheirOwn) {
  const auto draw = [](std::uint64_t seed) { return Random(seed).stream(3).normal({1000}); };
  const Tensor alone[] = {draw(1), draw(2)};
  Tensor together[2];
  at_once([&](std::size_t i) { together[i] = draw(i + 1); });
  for (std::size_t i = 0; i < 2; ++i) EXPECT_TRUE(identical(together[i], alone[i]));
}

TEST_F(Threads, PredictWithOneModel) {
  const Sequential model = trained(1);
  const Tensor alone = model.predict(data().x, {.batch_size = 256, .verbose = 0});
  at_once([&](std::size_t) {
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(identical(model.predict(data().x, {.batch_size = 256, .verbose = 0}), alone));
    }
  });
}

// A model is not to be used while another thread trains it; a copy of its weights is another model.
TEST_F(Threads, PredictFromACopyOfTheWeightsWhileTheModelTrains) {
  const Sequential training = net(1), copy = net(2);
  copy.set_weights(training.get_weights());
  const Tensor expected = copy.predict(data().x, {.verbose = 0});
  at_once([&](std::size_t i) {
    if (i == 1) {
      training.fit(data().x, data().y, {.batch_size = 512, .epochs = 5, .verbose = 0});
    } else {
      for (int round = 0; round < 10; ++round) {
        ASSERT_TRUE(identical(copy.predict(data().x, {.verbose = 0}), expected));
      }
    }
  });
  EXPECT_FALSE(same_weights(training, copy.get_weights()));
}

// Variable::backward adds to the leaves' own gradients, which one thread does at a time; `gradients` touches
// nothing that is shared.
TEST_F(Threads, DifferentiateGraphsOfSharedParameters) {
  Random random(1);
  const Parameter w("w", random.normal({64, 64}));
  const Tensor x[] = {random.normal({32, 64}), random.normal({32, 64})};
  const auto gradient_for = [&](std::size_t i) {
    const auto [dw] = gradients({sum(square(tanh(matmul(x[i], w))))}, {w});
    return dw.value();
  };
  const Tensor alone[] = {gradient_for(0), gradient_for(1)};
  at_once([&](std::size_t i) {
    for (int round = 0; round < 100; ++round) ASSERT_TRUE(identical(gradient_for(i), alone[i]));
  });
  EXPECT_FALSE(w.has_grad());
}

#ifndef __SANITIZE_THREAD__  // which does not follow threads made after a fork
int exit_code_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(Threads, TrainInAForkedChildAsInItsParent) {
  const Sequential before = trained(1);  // the parent has used the pool
  const pid_t child = fork();
  if (child == 0) _exit(same_weights(trained(1), before.get_weights()) ? 0 : 1);
  EXPECT_TRUE(same_weights(trained(1), before.get_weights()));
  EXPECT_EQ(exit_code_of(child), 0);
}

TEST_F(Threads, GoOnWithAModelInAForkedChild) {
  const Sequential model = trained(1);
  const std::vector<double> expected = model.predict(data().x, {.verbose = 0}).to_vector<double>();
  const pid_t child = fork();
  if (child == 0) {
    const bool same = model.predict(data().x, {.verbose = 0}).to_vector<double>() == expected;
    model.fit(data().x, data().y, {.batch_size = 512, .verbose = 0});
    _exit(same ? 0 : 1);
  }
  EXPECT_EQ(exit_code_of(child), 0);
  EXPECT_EQ(model.predict(data().x, {.verbose = 0}).to_vector<double>(), expected) << "the child's is a copy";
}
#endif

TEST(GlobalModel, MayDieAfterMainReturns) {
  EXPECT_EXIT(
      {
        static Sequential model = trained(1);
        static const History history = model.fit(data().x, data().y, {.verbose = 0});
        static const Variable loss = sum(model(data().x));
        std::exit(history.epoch.size() == 1 && loss.requires_grad() ? 7 : 1);
      },
      testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace gradus
