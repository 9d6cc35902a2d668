// Training steps in which memory runs out at each allocation in turn. A program of its own: every allocation
// of the library and of this file comes by here, and can be made to fail.

#include <gradus/graph/error.h>
#include <gradus/graph/memory.h>
#include <gradus/graph/parameters.h>
#include <gradus/graph/random.h>
#include <gradus/models/layers/dense.h>
#include <gradus/models/layers/dropout.h>
#include <gradus/models/sequential.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/loss.h>
#include <gradus/optim/adam.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <new>
#include <optional>
#include <string>

namespace {

constexpr long kNever = -1;
long until_failure = kNever;  // so many allocations succeed, the next one fails
bool fails_for_good = false;  // and all after it
long live = 0;                // blocks that operator new gave and delete has not had back

bool fails() {
  if (until_failure == kNever) return false;
  if (until_failure > 0) {
    --until_failure;
    return false;
  }
  if (!fails_for_good) until_failure = kNever;
  return true;
}

}  // namespace

extern "C" {
void* __real_aligned_alloc(std::size_t alignment, std::size_t size);   // NOLINT: the linker's names
void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size) {  // NOLINT
  return fails() ? nullptr : __real_aligned_alloc(alignment, size);
}
}

[[gnu::noinline]] void* operator new(std::size_t size) {
  void* data = fails() ? nullptr : std::malloc(size);
  if (data == nullptr) throw std::bad_alloc();
  ++live;
  return data;
}
[[gnu::noinline]] void* operator new[](std::size_t size) { return operator new(size); }
[[gnu::noinline]] void operator delete(void* data) noexcept {
  if (data != nullptr) --live;
  std::free(data);
}
[[gnu::noinline]] void operator delete(void* data, std::size_t) noexcept { operator delete(data); }
[[gnu::noinline]] void operator delete[](void* data) noexcept { operator delete(data); }
[[gnu::noinline]] void operator delete[](void* data, std::size_t) noexcept { operator delete(data); }

namespace gradus {
namespace {

std::vector<Tensor> copies(const std::vector<Tensor>& tensors) {
  std::vector<Tensor> result;
  for (const Tensor& tensor : tensors) result.push_back(tensor.clone());
  return result;
}
bool same(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), identical);
}

std::vector<Tensor> values(const Variables& parameters) {
  std::vector<Tensor> result;
  for (const Variable& parameter : parameters) result.push_back(parameter.value());
  return result;
}

enum class Outcome : std::uint8_t {
  went_well,  // it has no such allocation
  recovered,  // the pool found the block in its second try
  failed,
};
// Runs `step` with allocation `n` of it failing, counted from 0, and with `for_good` all after it.
template <class Step>
Outcome run_with_failure(long n, bool for_good, const Step& step) {
  empty_memory_cache();  // so that the pool, too, has to ask
  fails_for_good = for_good;
  until_failure = n;
  bool thrown = false;
  try {
    step();
  } catch (const std::bad_alloc&) {
    thrown = true;
  } catch (const MemoryError&) {
    thrown = true;
  }
  const bool spent = until_failure <= 0;
  until_failure = kNever;
  return thrown ? Outcome::failed : spent ? Outcome::recovered : Outcome::went_well;
}

struct Tally {
  long allocations = 0;  // of `step`
  long failures = 0;     // of `step` for want of one of them
};
// Does so at the first, second, … allocation until there is none to fail, with `before` ahead of each run
// and `after` where it failed.
Tally fail_at_each(bool for_good, const std::function<void()>& before, const std::function<void()>& step,
                   const std::function<void()>& after) {
  Tally tally;
  for (; tally.allocations < 100000; ++tally.allocations) {
    SCOPED_TRACE("failure at allocation " + std::to_string(tally.allocations));
    before();
    const Outcome outcome = run_with_failure(tally.allocations, for_good, step);
    if (outcome == Outcome::went_well) return tally;
    if (outcome == Outcome::recovered) continue;
    ++tally.failures;
    after();
  }
  ADD_FAILURE() << "it never went well";
  return tally;
}

// Each run of `step` that fails must leave the parameters as they were, and nothing behind but gradients.
Tally fail_and_change_nothing(bool for_good, const Variables& parameters, const std::function<void()>& step) {
  std::vector<Tensor> values_before;
  std::size_t in_use = 0;
  long live_before = 0;
  const auto before = [&] {
    values_before = copies(values(parameters));
    zero_grad(parameters);
    empty_memory_cache();
    in_use = memory_stats().in_use;
    live_before = live;
  };
  const auto after = [&] {
    zero_grad(parameters);
    EXPECT_TRUE(same(values(parameters), values_before));
    EXPECT_LE(memory_stats().in_use, in_use);
    EXPECT_LE(live, live_before);
  };
  return fail_at_each(for_good, before, step, after);
}

class FailingAllocation : public testing::TestWithParam<bool> {};

TEST_P(FailingAllocation, LeavesTheModelAsItWasBeforeTheStep) {
  Sequential model(
      {Dense(8, {.activation = "relu", .input_dim = 3}), Dropout(0.3), Dense(4, {.activation = "softmax"})},
      {.seed = 1});
  model.compile({.optimizer = "adam", .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
  const Tensor x = Random(2).normal({16, 3});
  Tensor y = Tensor::zeros({16, 4});
  for (int row = 0; row < 16; ++row) y.set({row, row % 4}, 1);
  // The first steps make the optimizer's state, and objects that live for good.
  model.train_on_batch(x, y);
  const auto step = [&] { model.train_on_batch(x, y); };
  EXPECT_GT(fail_and_change_nothing(GetParam(), model.weights(), step).allocations, 20);
  const std::vector<Tensor> before = model.get_weights();
  EXPECT_LT(model.train_on_batch(x, y).loss, 10);
  EXPECT_FALSE(same(model.get_weights(), before)) << "the model goes on learning";
}

TEST_P(FailingAllocation, LeavesTheParametersOfALoopOfOnesOwn) {
  Random random(1);
  const Parameter w("w", random.normal({5, 4})), b("b", Tensor::zeros({4}));
  const Tensor x = random.normal({8, 5}), y = random.normal({8, 4});
  Adam optimizer({w, b}, {.learning_rate = 0.01});
  const auto step = [&] {
    Variable loss = mean_squared_error(y, sigmoid(matmul(x, w) + b));
    std::move(loss).backward();
    optimizer.step();
    optimizer.zero_grad();
  };
  step();
  EXPECT_GT(fail_and_change_nothing(GetParam(), {w, b}, step).allocations, 5);
}

TEST_P(FailingAllocation, OfAFirstFitLeavesAModelThatCanBeFitted) {
  const Tensor x = Random(2).normal({16, 3}), y = Random(3).normal({16, 1});
  std::optional<Sequential> model;
  std::vector<Tensor> first;
  const auto make = [&] {
    model.emplace(Sequential({Dense(1, {.input_dim = 3})}, {.seed = 1}));
    model->compile({.optimizer = "adam", .loss = "mse"});
    first = copies(model->get_weights());
  };
  const auto fit = [&] { model->fit(x, y, {.batch_size = 16, .verbose = 0}); };
  const auto fit_again = [&] {
    ASSERT_NO_THROW(fit());
    EXPECT_FALSE(same(model->get_weights(), first));
  };
  EXPECT_GT(fail_at_each(GetParam(), make, fit, fit_again).failures, 20);
}

INSTANTIATE_TEST_SUITE_P(OnceAndForGood, FailingAllocation, testing::Bool(),
                         [](const auto& each) { return each.param ? "ForGood" : "Once"; });

TEST(Fit, LeavesNothingBehindInTenThousandSteps) {
  Sequential model({Dense(4, {.activation = "softmax", .input_dim = 2})}, {.seed = 1});
  model.compile({.optimizer = "rmsprop", .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
  const Tensor x = Random(2).normal({1000, 2}), y = Tensor::ones({1000, 4});
  const auto hundred_steps = [&] { model.fit(x, y, {.batch_size = 10, .verbose = 0}); };
  hundred_steps();
  const MemoryStats before = memory_stats();
  const long live_before = live;
  for (int i = 0; i < 100; ++i) hundred_steps();
  EXPECT_EQ(memory_stats().in_use, before.in_use);
  EXPECT_EQ(memory_stats().cached, before.cached);
  EXPECT_EQ(live, live_before);
}

}  // namespace
}  // namespace gradus
