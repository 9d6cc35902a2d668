#include <gradus/graph/error.h>
#include <gradus/graph/flush_subnormals.h>
#include <gradus/graph/parallel.h>

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace gradus {

namespace {

// A worker that has nothing to do looks for work this long before it sleeps: as long as a training step may
// spend between two parallel loops, and waking takes about 50 us.
constexpr auto kSpin = std::chrono::microseconds(100);
constexpr int kMostThreads = 1024;

int processors() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0) return std::max(1, CPU_COUNT(&set));
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

std::atomic<int> wanted = 0;  // 0: as many as processors
thread_local bool inside = false;

void pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

// One loop at a time. A worker that sees an open loop joins it; the caller closes it when no piece is left
// and waits for those who joined. A worker that comes late finds it closed: no one waits for a sleeper.
class Pool {
 public:
  explicit Pool(const Pool* parents) : parents_(parents) {}
  // False when another thread's loop is running.
  bool run(std::int64_t count, std::int64_t grain, int threads, parallel::Piece piece, const void* body) {
    const std::unique_lock lock(callers_, std::try_to_lock);
    if (!lock) return false;
    grow(threads - 1);
    loop_ = {
        .count = count, .grain = grain, .piece = piece, .body = body, .control = FlushSubnormals::mode()};
    helpers_.store(threads - 1, std::memory_order_relaxed);
    share_out(threads);
    state_.fetch_add(kEpoch + kOpen, std::memory_order_acq_rel);
    state_.notify_all();
    work(0);
    state_.fetch_sub(kOpen, std::memory_order_acq_rel);
    wait_for_helpers();
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    return true;
  }

 private:
  // The state: how many have joined, whether the loop is open, and a count of loops.
  static constexpr std::uint32_t kJoined = (1U << 15) - 1, kOpen = 1U << 15, kEpoch = 1U << 16;
  static std::uint32_t epoch(std::uint32_t state) { return state & ~(kJoined | kOpen); }

  struct Loop {
    std::int64_t count = 0, grain = 1;
    parallel::Piece piece = nullptr;
    const void* body = nullptr;
    unsigned control = 0;
    std::size_t shares = 0;
  };
  // The pieces that a thread begins with.
  struct alignas(64) Share {
    std::atomic<std::int64_t> next = 0;
    std::int64_t end = 0;
  };
  static constexpr std::size_t kMostShares = 64;  // further threads begin with one that another has

  void grow(int workers) {
    try {
      for (; workers_ < workers; ++workers_) std::thread([this, i = workers_] { serve(i); }).detach();
    } catch (const std::system_error&) {
      // The system gives no more threads: those that are there do the work.
    }
  }

  void serve(int worker) {
    inside = true;
    std::uint32_t seen = 0;  // the epoch of the last loop this worker was in
    for (;;) {
      std::uint32_t state = wait_for_loop(seen);
      if (worker >= helpers_.load(std::memory_order_relaxed)) {
        seen = epoch(state);
        continue;
      }
      if (!state_.compare_exchange_strong(state, state + 1, std::memory_order_acq_rel)) continue;
      seen = epoch(state);
      {
        const FlushSubnormals::Mode mode(loop_.control);
        work(static_cast<std::size_t>(worker) + 1);
      }
      if (const std::uint32_t before = state_.fetch_sub(1, std::memory_order_acq_rel);
          (before & (kOpen | kJoined)) == 1) {
        state_.notify_all();  // the caller may sleep
      }
    }
  }

  std::uint32_t wait_for_loop(std::uint32_t seen) {
    const auto is_new = [&](std::uint32_t state) { return (state & kOpen) != 0 && epoch(state) != seen; };
    for (;;) {
      std::uint32_t state = 0;
      const auto end = std::chrono::steady_clock::now() + kSpin;
      do {
        for (int i = 0; i < 64; ++i) {
          state = state_.load(std::memory_order_acquire);
          if (is_new(state)) return state;
          pause();
        }
      } while (std::chrono::steady_clock::now() < end);
      state_.wait(state, std::memory_order_acquire);
    }
  }

  void wait_for_helpers() {
    for (int i = 0;; ++i) {
      const std::uint32_t state = state_.load(std::memory_order_acquire);
      if ((state & kJoined) == 0) return;
      if (i < 4096) {
        pause();
      } else {
        state_.wait(state, std::memory_order_acquire);
      }
    }
  }

  void share_out(int threads) {
    const std::int64_t pieces = (loop_.count - 1) / loop_.grain + 1;
    loop_.shares = std::min(static_cast<std::size_t>(threads), kMostShares);
    const auto shares = static_cast<std::int64_t>(loop_.shares);
    for (std::int64_t i = 0; i < shares; ++i) {
      Share& share = shares_[static_cast<std::size_t>(i)];
      share.next.store(pieces * i / shares * loop_.grain, std::memory_order_relaxed);
      share.end = std::min(pieces * (i + 1) / shares * loop_.grain, loop_.count);
    }
  }

  // A thread's own share first, then what is left of the others'.
  void work(std::size_t thread) {
    for (std::size_t i = 0; i < loop_.shares; ++i) work_on(shares_[(thread + i) % loop_.shares]);
  }
  void work_on(Share& share) {
    while (share.next.load(std::memory_order_relaxed) < share.end) {
      const std::int64_t begin = share.next.fetch_add(loop_.grain, std::memory_order_relaxed);
      if (begin >= share.end) return;
      try {
        loop_.piece(loop_.body, begin, std::min(begin + loop_.grain, share.end));
      } catch (...) {
        const std::scoped_lock lock(errors_);
        if (!error_) error_ = std::current_exception();
        for (std::size_t i = 0; i < loop_.shares; ++i) {
          shares_[i].next.store(shares_[i].end, std::memory_order_relaxed);
        }
      }
    }
  }

  const Pool* parents_;  // keeps it in the sight of the leak sanitizer
  std::mutex callers_, errors_;
  Loop loop_;
  std::exception_ptr error_;
  int workers_ = 0;
  std::atomic<int> helpers_ = 0;
  std::array<Share, kMostShares> shares_;
  std::atomic<std::uint32_t> state_ = 0;
};

// Never destroyed: its threads may wait while the process ends.
std::atomic<Pool*> shared_pool = nullptr;

Pool& pool() {
  if (Pool* made = shared_pool.load(std::memory_order_acquire)) return *made;
  // A forked child has no workers, and starts with a pool of its own.
  static const int registered = pthread_atfork(nullptr, nullptr, [] {
    if (Pool* parents = shared_pool.load()) shared_pool.store(new Pool(parents));
  });
  static_cast<void>(registered);
  Pool* none = nullptr;
  auto made = std::make_unique<Pool>(nullptr);
  return shared_pool.compare_exchange_strong(none, made.get()) ? *made.release() : *none;
}

}  // namespace

int num_threads() {
  const int given = wanted.load(std::memory_order_relaxed);
  if (given != 0) return given;
  static const int all = std::min(processors(), kMostThreads);
  return all;
}

void set_num_threads(int count) {
  if (count < 1 || count > kMostThreads) {
    throw ValueError("set_num_threads: needs 1 to " + std::to_string(kMostThreads) + " threads, not " +
                     std::to_string(count));
  }
  wanted.store(count, std::memory_order_relaxed);
}

void parallel::run(std::int64_t count, std::int64_t grain, Piece piece, const void* body) {
  const std::int64_t pieces = (count - 1) / grain + 1;
  const int threads = static_cast<int>(std::min<std::int64_t>(num_threads(), pieces));
  if (threads > 1 && !inside) {
    inside = true;
    struct Outside {
      ~Outside() { inside = false; }
    } outside;
    if (pool().run(count, grain, threads, piece, body)) return;
  }
  for (std::int64_t begin = 0; begin < count; begin += grain) {
    piece(body, begin, std::min(begin + grain, count));
  }
}

}  // namespace gradus
