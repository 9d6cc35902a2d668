#include <gradus/graph/error.h>
#include <gradus/graph/flush_subnormals.h>
#include <gradus/graph/parallel.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <numeric>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "../child.h"

namespace gradus {
namespace {

using testing::Each;
using testing::ThrowsMessage;

class Parallel : public testing::Test {
 protected:
  Parallel() { set_num_threads(4); }
  ~Parallel() override { set_num_threads(before_); }

 private:
  int before_ = num_threads();
};

// How often each of `count` items was visited.
std::vector<int> visits(std::int64_t count, std::int64_t grain) {
  std::vector<int> result(static_cast<std::size_t>(count));
  parallel_for(count, grain, [&](std::int64_t begin, std::int64_t end) {
    EXPECT_EQ(begin % grain, 0);
    EXPECT_EQ(end, std::min(begin + grain, count));
    for (std::int64_t i = begin; i < end; ++i) ++result[static_cast<std::size_t>(i)];
  });
  return result;
}

TEST_F(Parallel, VisitsEachItemOnce) {
  for (int round = 0; round < 200; ++round) {
    for (const std::int64_t count : {0, 1, 7, 8, 9, 1000}) ASSERT_THAT(visits(count, 8), Each(1)) << count;
  }
}

TEST_F(Parallel, VisitsEachItemOnceByMoreThreadsThanShares) {
  set_num_threads(80);
  for (const std::int64_t count : {79, 80, 81, 643}) ASSERT_THAT(visits(count, 1), Each(1)) << count;
}

TEST_F(Parallel, UsesTheThreadsItMay) {
  for (const int threads : {1, 3}) {
    set_num_threads(threads);
    std::atomic<int> running = 0;
    std::atomic<bool> met = threads == 1;
    std::set<std::thread::id> ids;
    std::mutex mutex;
    parallel_for(3, 1, [&](std::int64_t, std::int64_t) {
      {
        const std::scoped_lock lock(mutex);
        ids.insert(std::this_thread::get_id());
      }
      // All pieces wait for each other: they must be on different threads.
      if (++running == 3) met = true;
      while (!met) std::this_thread::yield();
    });
    EXPECT_EQ(ids.size(), static_cast<std::size_t>(threads));
  }
}

TEST_F(Parallel, ALoopInsideALoopRunsWhereItStands) {
  std::atomic<int> total = 0;
  parallel_for(8, 1, [&](std::int64_t, std::int64_t) {
    const auto here = std::this_thread::get_id();
    parallel_for(8, 1, [&](std::int64_t, std::int64_t) {
      EXPECT_EQ(std::this_thread::get_id(), here);
      ++total;
    });
  });
  EXPECT_EQ(total, 64);
}

TEST_F(Parallel, SeveralCallersGetTheirOwnResults) {
  std::vector<std::thread> callers;
  for (int i = 0; i < 3; ++i) {
    callers.emplace_back([] {
      for (int round = 0; round < 200; ++round) ASSERT_THAT(visits(100, 3), Each(1));
    });
  }
  for (std::thread& caller : callers) caller.join();
}

TEST_F(Parallel, TheCallerGetsAnException) {
  for (int round = 0; round < 50; ++round) {
    const auto fail = [](std::int64_t begin, std::int64_t) {
      if (begin == 5) throw std::runtime_error("piece 5");
    };
    EXPECT_THAT([&] { parallel_for(20, 1, fail); }, ThrowsMessage<std::runtime_error>("piece 5"));
  }
  EXPECT_THAT(visits(100, 3), Each(1));
}

TEST_F(Parallel, WorkersTreatSubnormalsAsTheirCallerDoes) {
  const auto flushed = [] {
    std::atomic<int> count = 0;
    parallel_for(64, 1, [&](std::int64_t, std::int64_t) {
      volatile float least = std::numeric_limits<float>::min();
      if (least / 2 == 0) ++count;
    });
    return count.load();
  };
  EXPECT_EQ(flushed(), 0);
  {
    const FlushSubnormals guard;
    EXPECT_EQ(flushed(), 64);
  }
  EXPECT_EQ(flushed(), 0);
}

#ifndef __SANITIZE_THREAD__  // which does not follow threads made after a fork
TEST_F(Parallel, AForkedChildHasThreadsOfItsOwn) {
  EXPECT_THAT(visits(100, 3), Each(1));
  EXPECT_EQ(test::exit_code_of_child([] {
              const std::vector<int> seen = visits(100, 3);
              return std::accumulate(seen.begin(), seen.end(), 0) == 100 ? 0 : 1;
            }),
            0);
}
#endif

TEST_F(Parallel, RefusesImpossibleCounts) {
  EXPECT_THAT([] { set_num_threads(0); },
              ThrowsMessage<ValueError>("set_num_threads: needs 1 to 1024 threads, not 0"));
  EXPECT_EQ(num_threads(), 4);
}

}  // namespace
}  // namespace gradus
