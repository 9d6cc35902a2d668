// The same seed gives the same bits for any number of threads, also after many steps. Loops are watched: if
// threads shared none, that would prove nothing.

#include "../../bench/workloads/watched_loops.h"
#include "../../bench/workloads/workloads.h"

#include <gradus/gradus.h>

#include <gtest/gtest.h>

#include <atomic>
#include <bit>
#include <functional>
#include <thread>

#include "example_data.h"

namespace gradus {
namespace {

std::atomic<long> shared_loops = 0;    // with pieces for more than one thread
std::atomic<long> helpers_pieces = 0;  // that another than the caller ran

struct Loop {
  parallel::Piece piece;
  const void* body;
  std::thread::id caller;
};
void run_piece(const void* data, std::int64_t begin, std::int64_t end) {
  const Loop& loop = *static_cast<const Loop*>(data);
  if (std::this_thread::get_id() != loop.caller) ++helpers_pieces;
  loop.piece(loop.body, begin, end);
}

}  // namespace

void parallel::run_watched(std::int64_t count, std::int64_t grain, Piece piece, const void* body) {
  if (num_threads() > 1) ++shared_loops;
  const Loop loop = {piece, body, std::this_thread::get_id()};
  run_unwatched(count, grain, run_piece, &loop);
}

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kSteps = 20;  // the sanitizers take ten times as long
#else
constexpr int kSteps = 200;
#endif

using Bits = std::vector<std::uint32_t>;

Bits bits_of(const std::vector<float>& values) {
  Bits bits;
  for (const float value : values) bits.push_back(std::bit_cast<std::uint32_t>(value));
  return bits;
}

class SameBits : public testing::Test {
 protected:
  SameBits() { shared_loops = helpers_pieces = 0; }
  ~SameBits() override { set_num_threads(before_); }

  // `run` gives the trained weights' bits.
  static void expect_for_any_number_of_threads(const std::function<Bits(int threads)>& run) {
    const Bits one = run(1);
    for (const int threads : {2, 3, 4}) {
      const Bits many = run(threads);
      ASSERT_EQ(many.size(), one.size());
      std::size_t different = 0;
      for (std::size_t i = 0; i < one.size(); ++i) different += many[i] != one[i] ? 1 : 0;
      EXPECT_EQ(different, 0U) << "of " << one.size() << " weights by " << threads << " threads";
    }
  }
  // At a rate at which a gradient's last bits show in the weights after some steps.
  static void expect_after_steps_of(const std::string& workload) {
    expect_for_any_number_of_threads([&](int threads) {
      set_num_threads(threads);
      for (const bench::Case& one : bench::workloads()) {
        if (one.name != workload) continue;
        const bench::Workload made = one.make({.threads = threads, .learning_rate = 0.01});
        const Bits first = bits_of(made.weights());
        for (int i = 0; i < kSteps; ++i) made.step();
        const Bits last = bits_of(made.weights());
        std::size_t changed = 0;
        for (std::size_t i = 0; i < last.size(); ++i) changed += last[i] != first[i] ? 1 : 0;
        EXPECT_GT(changed, last.size() / 2);
        return last;
      }
      ADD_FAILURE() << "no workload is named " << workload;
      return Bits{};
    });
  }
  static void expect_helpers() {
    EXPECT_GE(shared_loops, kSteps);
    EXPECT_GT(helpers_pieces, 0);
  }

 private:
  int before_ = num_threads();
};

// None of its loops is worth a second thread; that it has several must change nothing.
TEST_F(SameBits, AfterStepsOfASmallNetWithSGD) { expect_after_steps_of("ii_sgd"); }
TEST_F(SameBits, AfterStepsOfASmallNetWithAdam) { expect_after_steps_of("ii_adam"); }
TEST_F(SameBits, AfterStepsOfALargeNet) {
  expect_after_steps_of("iii_sgd");
  expect_helpers();
}
TEST_F(SameBits, AfterStepsOfAConvolutionalNet) {
  expect_after_steps_of("iv_sgd");
  expect_helpers();
}
TEST_F(SameBits, AfterStepsOfAnLstm) {
  expect_after_steps_of("v_sgd");
  expect_helpers();
}

TEST_F(SameBits, AfterAFitWithDropoutAndShuffling) {
  const testing_data::Example data = testing_data::sums(1024, 256);
  expect_for_any_number_of_threads([&](int threads) {
    set_num_threads(threads);
    Sequential model({Dense(512, {.activation = "relu", .input_dim = 256}), Dropout(0.5), Dense(512),
                      Dropout(0.2), Dense(1)},
                     {.seed = 5});
    model.compile({.optimizer = "adam", .loss = "mse"});
    model.fit(
        data.x, data.y,
        {.batch_size = 300, .epochs = kSteps / 10, .verbose = 0, .validation_split = 0.1, .shuffle = true});
    std::vector<float> weights;
    for (const Tensor& one : model.get_weights()) {
      const std::vector<float> values = one.to_vector<float>();
      weights.insert(weights.end(), values.begin(), values.end());
    }
    return bits_of(weights);
  });
  expect_helpers();
}

}  // namespace
}  // namespace gradus
