// How often a steady step of a workload asks the heap for memory: every call of the whole process, oneDNN's
// and the C++ library's included, comes by here. allocations [--threads N] CASE… prints CASE<TAB>CALLS of a
// hundred steps, after ten.
#include "../workloads/workloads.h"

#include <gradus/graph/parallel.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>

namespace {

std::atomic<long> calls = 0;

}  // namespace

extern "C" {
// What glibc's own functions are called where a program defines malloc.
void* __libc_malloc(std::size_t size);                           // NOLINT: glibc's names
void* __libc_calloc(std::size_t count, std::size_t size);        // NOLINT
void* __libc_realloc(void* data, std::size_t size);              // NOLINT
void* __libc_memalign(std::size_t alignment, std::size_t size);  // NOLINT

void* malloc(std::size_t size) {
  ++calls;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  ++calls;
  return __libc_calloc(count, size);
}
void* realloc(void* data, std::size_t size) {
  ++calls;
  return __libc_realloc(data, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  ++calls;
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** data, std::size_t alignment, std::size_t size) {
  ++calls;
  *data = __libc_memalign(alignment, size);
  return *data == nullptr ? ENOMEM : 0;
}
}

int main(int argc, char** argv) {
  using namespace gradus::bench;
  std::vector<Case> cases = workloads();
  for (Case& one : cases) {
    one.make = [make = one.make](const Settings& settings) {
      Workload workload = make(settings);
      if (!workload.step) return workload;
      workload.peak_bytes = [step = workload.step] {
        for (int i = 3; i < 10; ++i) step();
        const long before = calls;
        for (int i = 0; i < 100; ++i) step();
        return static_cast<double>(calls - before);
      };
      return workload;
    };
  }
  // Counts take the place of the bytes that `--memory` asks for.
  std::vector<char*> arguments(argv, argv + argc);
  std::string memory = "--memory";
  arguments.insert(arguments.begin() + 1, memory.data());
  return run_program(static_cast<int>(arguments.size()), arguments.data(), cases, gradus::set_num_threads);
}
