// How often steady steps of a workload ask the heap for memory: every call of the whole process, of any
// thread and of the C++ library, comes by here. Those from inside oneDNN are counted apart: at each call of
// dnnl_primitive_execute it makes a map of the arguments.
// allocations [--onednn] [--until STEP] [--stack] [--threads N] CASE... prints CASE<TAB>CALLS of the steps
// from the tenth to STEP (109); `--stack` shows where the first of these calls comes from.
#include "../workloads/watched_loops.h"
#include "../workloads/workloads.h"

#include <gradus/graph/error.h>
#include <gradus/ops/linalg.h>

#include <execinfo.h>
#include <link.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>

namespace {

constexpr int kFirst = 10;  // the steps before it make what lives as long as the workload

std::uintptr_t onednn_begin = 0, onednn_end = 0;  // where its code lies
std::atomic<bool> counting = false, shows_stack = false;
std::atomic<long> ours = 0, onednns = 0;
const std::atomic<long>* counted = &ours;

// Called for each library of the process.
int find_onednn(dl_phdr_info* info, std::size_t, void*) {
  if (std::strstr(info->dlpi_name, "/libdnnl.so") == nullptr) return 0;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = info->dlpi_phdr[i];
    if (part.p_type != PT_LOAD || (part.p_flags & PF_X) == 0) continue;
    onednn_begin = info->dlpi_addr + part.p_vaddr;
    onednn_end = onednn_begin + part.p_memsz;
  }
  return 1;
}
bool is_onednns(const void* code) {
  const auto address = reinterpret_cast<std::uintptr_t>(code);
  return address >= onednn_begin && address < onednn_end;
}

void note() {
  thread_local bool inside = false;  // what looking at the stack asks for does not count
  if (!counting || inside) return;
  inside = true;
  void* stack[48];
  const int depth = backtrace(stack, static_cast<int>(std::size(stack)));
  std::atomic<long>& whose = std::any_of(stack, stack + depth, is_onednns) ? onednns : ours;
  const bool first = whose.fetch_add(1) == 0;
  if (first && shows_stack && &whose == counted) backtrace_symbols_fd(stack, depth, STDERR_FILENO);
  inside = false;
}

}  // namespace

// operator new asks malloc.
extern "C" {
// What glibc's own functions are called where a program defines malloc.
void* __libc_malloc(std::size_t size);                           // NOLINT: glibc's names
void* __libc_calloc(std::size_t count, std::size_t size);        // NOLINT
void* __libc_realloc(void* data, std::size_t size);              // NOLINT
void* __libc_memalign(std::size_t alignment, std::size_t size);  // NOLINT

void* malloc(std::size_t size) {
  note();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  note();
  return __libc_calloc(count, size);
}
void* realloc(void* data, std::size_t size) {
  note();
  return __libc_realloc(data, size);
}
void* memalign(std::size_t alignment, std::size_t size) {
  note();
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }
int posix_memalign(void** data, std::size_t alignment, std::size_t size) {
  *data = memalign(alignment, size);
  return *data == nullptr ? ENOMEM : 0;
}
}

namespace {

// A thread keeps what it needs for each piece that it has met. Which piece it takes is chance, so before the
// count each thread runs all pieces of each loop, one after the other: the values do not matter.
class Rehearsal {
 public:
  Rehearsal(std::int64_t count, std::int64_t grain, gradus::parallel::Piece piece, const void* body)
      : count_(count), grain_(grain), piece_(piece), body_(body) {}

  // On each thread of one loop with a piece for each thread.
  void run(int threads) {
    std::unique_lock lock(mutex_);
    rehearsing = true;
    for (std::int64_t i = 0; i < count_; i += grain_) piece_(body_, i, std::min(i + grain_, count_));
    rehearsing = false;
    ++ready_;
    all_ready_.notify_all();
    constexpr std::chrono::seconds kPatience(60);
    if (!all_ready_.wait_for(lock, kPatience, [&] { return ready_ >= threads; })) {
      throw gradus::StateError("allocations: a thread of the pool does not come");
    }
  }

  static thread_local bool rehearsing;

 private:
  std::int64_t count_, grain_;
  gradus::parallel::Piece piece_;
  const void* body_;
  std::mutex mutex_;
  std::condition_variable all_ready_;
  int ready_ = 0;
};
thread_local bool Rehearsal::rehearsing = false;

}  // namespace

void gradus::parallel::run_watched(std::int64_t count, std::int64_t grain, Piece piece, const void* body) {
  const int threads = num_threads();
  if (threads == 1 || counting || Rehearsal::rehearsing) return run_unwatched(count, grain, piece, body);
  Rehearsal all(count, grain, piece, body);
  const Piece rehearse = [](const void* data, std::int64_t, std::int64_t) {
    static_cast<Rehearsal*>(const_cast<void*>(data))->run(num_threads());
  };
  run_unwatched(threads, 1, rehearse, &all);
}

namespace {

using namespace gradus::bench;

void take_and_free(void* data) {
  asm volatile("" : : "r"(data) : "memory");  // or the compiler does without both
  std::free(data);
}

// So that a count of 0 means something: each of its 100 pieces, which the threads share, makes ten calls.
Workload known_calls(const Settings&) {
  const auto step = [] {
    gradus::parallel_for(100, 1, [](std::int64_t, std::int64_t) {
      void* aligned = nullptr;
      if (posix_memalign(&aligned, 64, 100) == 0) take_and_free(aligned);
      take_and_free(aligned_alloc(64, 128));
      take_and_free(calloc(2, 50));
      take_and_free(realloc(std::malloc(10), 1000));
      const auto one = std::make_unique<volatile int>(1);
      const auto many = std::make_unique<volatile int[]>(3);
      struct alignas(128) Wide {
        volatile char bytes[128];
      };
      const auto wide = std::make_unique<Wide>();
      std::string text(100, 'a');
      text.resize(1000);  // by the C++ library
      asm volatile("" : : "r"(text.data()) : "memory");
    });
  };
  return {.step = step};
}

// As many as a model may have: none may take the place of another's primitive.
Workload many_shapes(const Settings&) {
  using gradus::Tensor;
  gradus::Random random(1);
  const Tensor x = random.normal({96, 80});
  std::vector<Tensor> weights;
  for (std::int64_t width = 80; width < 208; width += 2) weights.push_back(random.normal({80, width}));
  const auto step = [=] {
    for (const Tensor& w : weights) matmul(x, w);
  };
  return {.step = step};
}

// The workload, with its calls in the place of its peak.
Workload counted_steps(Workload workload, int last) {
  if (!workload.step) return workload;
  workload.peak_bytes = [step = workload.step, last] {
    for (int i = 4; i < kFirst; ++i) step();  // three were made
    const long before = *counted;
    counting = true;
    for (int i = kFirst; i <= last; ++i) step();
    counting = false;
    return static_cast<double>(*counted - before);
  };
  return workload;
}

}  // namespace

int main(int argc, char** argv) {
  dl_iterate_phdr(find_onednn, nullptr);
  int last = 109;
  std::string memory = "--memory";
  std::vector<char*> arguments = {argv[0], memory.data()};
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--onednn") {
      counted = &onednns;
    } else if (argument == "--stack") {
      shows_stack = true;
    } else if (argument == "--until" && i + 1 < argc) {
      last = std::atoi(argv[++i]);
    } else {
      arguments.push_back(argv[i]);
    }
  }
  std::vector<Case> cases = workloads();
  cases.push_back({"known_calls", known_calls});
  cases.push_back({"many_shapes", many_shapes});
  for (Case& one : cases) {
    one.make = [make = one.make, last](const Settings& settings) {
      return counted_steps(make(settings), last);
    };
  }
  return run_program(static_cast<int>(arguments.size()), arguments.data(), cases, gradus::set_num_threads);
}
