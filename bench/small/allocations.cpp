// How often a steady step of a workload asks the heap for memory: every call of the whole process, the C++
// library's included, comes by here; those from inside oneDNN are counted apart.
// allocations [--onednn] [--threads N] CASE... prints CASE<TAB>CALLS of a hundred steps, after ten.
#include "../workloads/workloads.h"

#include <gradus/graph/parallel.h>

#include <link.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

std::atomic<long> ours = 0, onednns = 0;
std::uintptr_t onednn_begin = 0, onednn_end = 0;  // where its code lies

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

void note(const void* caller) {
  const auto address = reinterpret_cast<std::uintptr_t>(caller);
  ++(address >= onednn_begin && address < onednn_end ? onednns : ours);
}

}  // namespace

extern "C" {
// What glibc's own functions are called where a program defines malloc.
void* __libc_malloc(std::size_t size);                           // NOLINT: glibc's names
void* __libc_calloc(std::size_t count, std::size_t size);        // NOLINT
void* __libc_realloc(void* data, std::size_t size);              // NOLINT
void* __libc_memalign(std::size_t alignment, std::size_t size);  // NOLINT

void* malloc(std::size_t size) {
  note(__builtin_return_address(0));
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  note(__builtin_return_address(0));
  return __libc_calloc(count, size);
}
void* realloc(void* data, std::size_t size) {
  note(__builtin_return_address(0));
  return __libc_realloc(data, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  note(__builtin_return_address(0));
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** data, std::size_t alignment, std::size_t size) {
  note(__builtin_return_address(0));
  *data = __libc_memalign(alignment, size);
  return *data == nullptr ? ENOMEM : 0;
}
}

// As the C++ library has them, but so that who called them is known.
[[gnu::noinline]] void* operator new(std::size_t size) {
  note(__builtin_return_address(0));
  void* const data = __libc_malloc(size);
  if (data == nullptr) throw std::bad_alloc();
  return data;
}
[[gnu::noinline]] void* operator new[](std::size_t size) {
  note(__builtin_return_address(0));
  void* const data = __libc_malloc(size);
  if (data == nullptr) throw std::bad_alloc();
  return data;
}
[[gnu::noinline]] void operator delete(void* data) noexcept { std::free(data); }
[[gnu::noinline]] void operator delete(void* data, std::size_t) noexcept { std::free(data); }
[[gnu::noinline]] void operator delete[](void* data) noexcept { std::free(data); }
[[gnu::noinline]] void operator delete[](void* data, std::size_t) noexcept { std::free(data); }

int main(int argc, char** argv) {
  using namespace gradus::bench;
  dl_iterate_phdr(find_onednn, nullptr);
  const std::atomic<long>* counted = &ours;
  // Counts take the place of the bytes that `--memory` asks for.
  std::string memory = "--memory", onednn = "--onednn";
  std::vector<char*> arguments = {argv[0], memory.data()};
  for (int i = 1; i < argc; ++i) {
    if (argv[i] == onednn) {
      counted = &onednns;
    } else {
      arguments.push_back(argv[i]);
    }
  }
  std::vector<Case> cases = workloads();
  for (Case& one : cases) {
    one.make = [make = one.make, counted](const Settings& settings) {
      Workload workload = make(settings);
      if (!workload.step) return workload;
      workload.peak_bytes = [step = workload.step, counted] {
        for (int i = 3; i < 10; ++i) step();
        const long before = *counted;
        for (int i = 0; i < 100; ++i) step();
        return static_cast<double>(*counted - before);
      };
      return workload;
    };
  }
  return run_program(static_cast<int>(arguments.size()), arguments.data(), cases, gradus::set_num_threads);
}
