#include "heap_calls.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<long> calls = 0;

}  // namespace

namespace gradus {

long heap_calls() { return calls; }

}  // namespace gradus

extern "C" {
void* __real_malloc(std::size_t size);                                // NOLINT: the linker's names
void* __real_calloc(std::size_t count, std::size_t size);             // NOLINT
void* __real_realloc(void* data, std::size_t size);                   // NOLINT
void* __real_aligned_alloc(std::size_t alignment, std::size_t size);  // NOLINT
void* __wrap_malloc(std::size_t size) {                               // NOLINT
  ++calls;
  return __real_malloc(size);
}
void* __wrap_calloc(std::size_t count, std::size_t size) {  // NOLINT
  ++calls;
  return __real_calloc(count, size);
}
void* __wrap_realloc(void* data, std::size_t size) {  // NOLINT
  ++calls;
  return __real_realloc(data, size);
}
void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size) {  // NOLINT
  ++calls;
  return __real_aligned_alloc(alignment, size);
}
}

// Not inlined: the compiler would see a free of what new returned, and warn.
[[gnu::noinline]] void* operator new(std::size_t size) {
  void* data = std::malloc(size);
  if (data == nullptr) throw std::bad_alloc();
  return data;
}
[[gnu::noinline]] void* operator new[](std::size_t size) { return operator new(size); }
[[gnu::noinline]] void operator delete(void* data) noexcept { std::free(data); }
[[gnu::noinline]] void operator delete(void* data, std::size_t) noexcept { std::free(data); }
[[gnu::noinline]] void operator delete[](void* data) noexcept { std::free(data); }
[[gnu::noinline]] void operator delete[](void* data, std::size_t) noexcept { std::free(data); }
