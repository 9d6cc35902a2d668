#include <gradus/graph/error.h>
#include <gradus/graph/memory.h>
#include <gradus/graph/tensor.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <optional>
#include <thread>
#include <vector>

#include "../child.h"

namespace gradus {
namespace {

using testing::AllOf;
using testing::ExitedWithCode;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::size_t held() {
  const MemoryStats stats = memory_stats();
  return stats.in_use + stats.cached;
}

TEST(Memory, CapacitiesAreAlignedAndWasteAtMostAQuarter) {
  std::size_t previous = 0;
  for (std::size_t bytes = 0; bytes < 100000; bytes += 13) {
    const std::size_t capacity = memory::capacity(bytes);
    EXPECT_GE(capacity, bytes);
    EXPECT_GE(capacity, previous);
    EXPECT_EQ(capacity % 64, 0U);
    EXPECT_LE(static_cast<double>(capacity), 1.25 * static_cast<double>(bytes) + 64);
    EXPECT_EQ(memory::capacity(capacity), capacity);
    previous = capacity;
  }
}

TEST(Memory, BlocksAreAlignedForVectorInstructions) {
  for (const std::int64_t size : {1, 3, 17, 1000}) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(Tensor::empty({size}).raw<float>()) % 64, 0U);
  }
}

TEST(Memory, SteadyStateTakesNothingFromTheSystem) {
  const auto step = [] {
    const Tensor a = Tensor::zeros({100, 10}), b = a.clone();
    const Tensor c = Tensor::zeros({7}, DType::float64);
    return b.size() + c.size();
  };
  step();
  const std::size_t before = held();
  for (int i = 0; i < 1000; ++i) step();
  EXPECT_EQ(held(), before);
}

TEST(Memory, CountsWhatIsInUseAndItsPeak) {
  const std::size_t before = memory_stats().in_use;
  reset_peak_memory();
  EXPECT_EQ(memory_stats().peak, before);
  {
    const Tensor a = Tensor::zeros({1000});
    EXPECT_GE(memory_stats().in_use, before + 4000);
    EXPECT_LE(memory_stats().in_use, before + 6000);
    const Tensor shared = a.reshape({10, 100});
    EXPECT_LE(memory_stats().in_use, before + 6000);
  }
  EXPECT_EQ(memory_stats().in_use, before);
  EXPECT_GE(memory_stats().peak, before + 4000);
  reset_peak_memory();
  EXPECT_EQ(memory_stats().peak, before);
}

TEST(Memory, RefusesToPassTheLimitAndGoesOn) {
  set_memory_limit(memory_stats().in_use + 100000);
  EXPECT_THAT(
      [] {
        Tensor::zeros({1000, 1000});
      },
      ThrowsMessage<MemoryError>(AllOf(HasSubstr("would pass the limit of"), HasSubstr("are in use"))));
  EXPECT_EQ(Tensor::ones({10}).size(), 10);
  set_memory_limit(0);
  EXPECT_EQ(Tensor::ones({1000, 1000}).size(), 1000000);
}

TEST(Memory, EmptyingTheCacheGivesItBack) {
  { const Tensor a = Tensor::zeros({1000}); }
  EXPECT_GT(memory_stats().cached, 0U);
  empty_memory_cache();
  EXPECT_EQ(memory_stats().cached, 0U);
  EXPECT_EQ(Tensor::ones({10})(3), 1);
}

// More than any address space holds, in every size class up to the largest shape.
TEST(Memory, RefusesWhatNoMachineHas) {
  static_cast<void>(Tensor::empty({1}));  // a shape's extents come from the pool, too
  const std::size_t before = held();
  for (int bits = 46; bits <= 58; ++bits) {
    EXPECT_THROW(Tensor::empty({std::int64_t{1} << bits}, DType::float64), MemoryError) << bits;
    EXPECT_THROW(Tensor::empty({(std::int64_t{1} << bits) + 1}, DType::float64), MemoryError) << bits;
  }
  EXPECT_EQ(held(), before);
}

TEST(Memory, ABlockMayBeFreedByAnotherThread) {
  const std::size_t before = memory_stats().in_use;
  std::optional<Tensor> tensor = Tensor::ones({5000});
  std::thread([&] { tensor.reset(); }).join();
  EXPECT_EQ(memory_stats().in_use, before);
}

// Runs body while another thread lives that holds a hundred small tensors, which body may free.
template <class Body>
void beside_a_thread_that_holds(const Body& body) {
  std::vector<Tensor> held;
  std::atomic<bool> made = false, done = false;
  std::thread other([&] {
    for (int i = 0; i < 100; ++i) held.push_back(Tensor::zeros({16}));
    made = true;
    while (!done) std::this_thread::yield();
  });
  while (!made) std::this_thread::yield();
  body(held);
  done = true;
  other.join();
}

TEST(Memory, CountsWhatLivingThreadsHold) {
  const std::size_t before = memory_stats().in_use;
  beside_a_thread_that_holds([&](std::vector<Tensor>& held) {
    EXPECT_GE(memory_stats().in_use, before + 100 * 64);
    EXPECT_GE(memory_stats().peak, memory_stats().in_use);
    held.clear();
    EXPECT_EQ(memory_stats().in_use, before);
  });
  EXPECT_EQ(memory_stats().in_use, before);
}

TEST(Memory, TheLimitCountsWhatLivingThreadsHold) {
  beside_a_thread_that_holds([&](std::vector<Tensor>&) {
    set_memory_limit(memory_stats().in_use + 3000);
    std::vector<Tensor> more;
    EXPECT_THROW(
        {
          for (int i = 0; i < 1000; ++i) more.push_back(Tensor::zeros({16}));
        },
        MemoryError);
    set_memory_limit(0);
    EXPECT_LE(more.size(), 30U);
    EXPECT_GE(more.size(), 10U);
  });
}

TEST(Memory, AChildCountsWhatItsParentHeld) {
  beside_a_thread_that_holds([&](std::vector<Tensor>& held) {
    const std::size_t before = memory_stats().in_use;
    EXPECT_EQ(test::exit_code_of_child([&] {
                if (memory_stats().in_use != before) return 1;
                { const Tensor own = Tensor::zeros({16}); }
                if (memory_stats().in_use != before) return 2;
                const std::size_t all = held.size();
                held.clear();
                return before - memory_stats().in_use >= all * 64 ? 0 : 3;
              }),
              0);
  });
}

TEST(Memory, BlocksOfADeadThreadAreReused) {
  std::thread([] { Tensor::zeros({123456}); }).join();
  const std::size_t before = held();
  const Tensor reused = Tensor::zeros({123456});
  EXPECT_EQ(held(), before);
}

TEST(Memory, AHandOverBetweenThreadsDoesNotGrowTheCaches) {
  std::atomic<Tensor*> hand = nullptr;
  constexpr int kRounds = 300;
  std::thread producer([&] {
    for (int i = 0; i < kRounds; ++i) {
      auto* made = new Tensor(Tensor::empty({1 << 18}));  // a mebibyte
      Tensor* expected = nullptr;
      while (!hand.compare_exchange_weak(expected, made)) {
        expected = nullptr;
        std::this_thread::yield();
      }
    }
  });
  const std::size_t before = held();
  for (int i = 0; i < kRounds; ++i) {
    Tensor* taken = nullptr;
    while ((taken = hand.exchange(nullptr)) == nullptr) std::this_thread::yield();
    delete taken;
  }
  producer.join();
  EXPECT_LT(held(), before + (std::size_t{100} << 20));
}

// A thread_local that is made before the thread's cache outlives it.
TEST(Memory, ATensorMayOutliveTheCacheOfItsThread) {
  const std::size_t before = memory_stats().in_use;
  std::thread([] {
    static thread_local Tensor kept;
    kept = Tensor::ones({777});
  }).join();
  EXPECT_EQ(memory_stats().in_use, before);
}

TEST(Memory, AGlobalTensorMayDieAfterMainReturns) {
  EXPECT_EXIT(
      {
        static Tensor model = Tensor::ones({1000});
        static Tensor later;
        later = model.clone();
        std::exit(7 * static_cast<int>(later(0)));
      },
      ExitedWithCode(7), "");
}

TEST(Memory, SurvivesForkWhileAnotherThreadAllocates) {
  std::atomic<bool> stop = false;
  std::thread busy([&] {
    while (!stop) {
      { const Tensor a = Tensor::zeros({50}); }
      empty_memory_cache();
    }
  });
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(test::exit_code_of_child([] {
                { const Tensor a = Tensor::ones({50}), b = Tensor::ones({50000}); }
                empty_memory_cache();
                const Tensor c = Tensor::ones({50});
                return 0;
              }),
              0);
  }
  stop = true;
  busy.join();
}

}  // namespace
}  // namespace gradus
