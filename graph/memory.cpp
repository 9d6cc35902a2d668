#include <gradus/graph/error.h>
#include <gradus/graph/memory.h>
#include <gradus/graph/processor.h>
#include <gradus/graph/reference_count.h>

#include <pthread.h>

#include <atomic>
#include <bit>
#include <cstdlib>
#include <mutex>
#include <new>
#include <string>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#endif
#endif
#ifndef ASAN_POISON_MEMORY_REGION
#define ASAN_POISON_MEMORY_REGION(address, size) (static_cast<void>(address), static_cast<void>(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) (static_cast<void>(address), static_cast<void>(size))
#endif

namespace gradus {
namespace memory {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kClasses = 160;  // the last holds 2^47 bytes, all that a process can address
// What a thread keeps for itself. Beyond it goes to the shared list: a thread that only frees what others
// allocate would hoard all of it.
constexpr std::size_t kThreadCacheBytes = std::size_t{64} << 20;

// Class of the smallest capacity that holds `bytes`, and that capacity: 64, 128, 192, 256, 320, 384, 448,
// 512, 640 …
struct SizeClass {
  std::size_t index = 0;
  std::size_t capacity = 0;
};
SizeClass size_class(std::size_t bytes) noexcept {
  const std::size_t units = (bytes + kAlignment - 1) / kAlignment;
  if (units <= 4) return {units == 0 ? 0 : units - 1, (units == 0 ? 1 : units) * kAlignment};
  const auto shift = static_cast<std::size_t>(std::bit_width(units - 1)) - 3;
  const std::size_t quarters = ((units - 1) >> shift) + 1;  // 5 to 8
  return {4 * shift + quarters - 1, (quarters << shift) * kAlignment};
}

// The link stands at the end of a free block's first 64 bytes, behind the reference counts: those stay
// poisoned for the address sanitizer, and the link itself does not, so that the leak sanitizer can follow it.
struct FreeBlock {
  FreeBlock* next = nullptr;
};
constexpr std::size_t kLinkOffset = kAlignment - sizeof(FreeBlock);

struct FreeLists {
  FreeBlock* heads[kClasses] = {};
  std::size_t bytes = 0;
};

void* pop(FreeLists& lists, std::size_t index, std::size_t capacity) noexcept {
  FreeBlock* block = lists.heads[index];
  if (block == nullptr) return nullptr;
  lists.heads[index] = block->next;
  lists.bytes -= capacity;
  void* data = reinterpret_cast<std::byte*>(block) - kLinkOffset;
  ASAN_UNPOISON_MEMORY_REGION(data, capacity);
  return data;
}

void push(FreeLists& lists, std::size_t index, std::size_t capacity, void* data) noexcept {
  auto* bytes = static_cast<std::byte*>(data);
  lists.heads[index] = new (bytes + kLinkOffset) FreeBlock{lists.heads[index]};
  lists.bytes += capacity;
  ASAN_POISON_MEMORY_REGION(bytes, kLinkOffset);
  ASAN_POISON_MEMORY_REGION(bytes + kAlignment, capacity - kAlignment);
}

struct Shared {
  std::mutex mutex;
  FreeLists lists;
  std::atomic<bool> filled = false;
  std::atomic<std::size_t> in_use = 0, peak = 0, cached = 0, limit = 0;
};
Shared& shared() {
  alignas(Shared) static unsigned char storage[sizeof(Shared)];
  static Shared* const state = [] {
    auto* made = new (storage) Shared;
    pthread_atfork([] { shared().mutex.lock(); }, [] { shared().mutex.unlock(); },
                   [] { shared().mutex.unlock(); });
    return made;
  }();
  return *state;
}

// Adds without the price of an atomic while there is one thread. Returns the new value.
std::size_t add(std::atomic<std::size_t>& counter, std::size_t amount) noexcept {
  if (!single_threaded()) return counter.fetch_add(amount, std::memory_order_relaxed) + amount;
  const std::size_t sum = counter.load(std::memory_order_relaxed) + amount;
  counter.store(sum, std::memory_order_relaxed);
  return sum;
}
void subtract(std::atomic<std::size_t>& counter, std::size_t amount) noexcept {
  add(counter, std::size_t{0} - amount);
}

std::size_t capacity_of(std::size_t index) {
  if (index < 4) return (index + 1) * kAlignment;
  const std::size_t shift = index / 4 - 1;
  return ((index % 4 + 5) << shift) * kAlignment;
}

enum class CacheState : unsigned char { fresh, live, gone };
thread_local constinit FreeLists* cache = nullptr;
thread_local constinit CacheState cache_state = CacheState::fresh;

struct CacheOwner {
  FreeLists lists;
  CacheOwner() noexcept {
    cache = &lists;
    cache_state = CacheState::live;
  }
  CacheOwner(const CacheOwner&) = delete;
  CacheOwner& operator=(const CacheOwner&) = delete;
  ~CacheOwner() {
    cache = nullptr;
    cache_state = CacheState::gone;
    Shared& state = shared();
    const std::scoped_lock lock(state.mutex);
    for (std::size_t index = 0; index < kClasses; ++index) {
      const std::size_t capacity = capacity_of(index);
      while (void* data = pop(lists, index, capacity)) push(state.lists, index, capacity, data);
    }
    state.filled.store(true, std::memory_order_relaxed);
  }
};

FreeLists* thread_cache() noexcept {
  if (cache_state == CacheState::fresh) {
    static thread_local CacheOwner owner;
    cache = &owner.lists;
  }
  return cache;
}

void* from_system(std::size_t bytes, std::size_t capacity) {
  require_processor();
  void* data = std::aligned_alloc(kAlignment, capacity);
  if (data == nullptr) {
    empty_memory_cache();
    data = std::aligned_alloc(kAlignment, capacity);
  }
  if (data == nullptr)
    throw MemoryError("memory: the system has no " + std::to_string(bytes) + " bytes left");
  return data;
}

void* reuse(std::size_t index, std::size_t capacity) noexcept {
  if (FreeLists* lists = thread_cache()) {
    if (void* data = pop(*lists, index, capacity)) return data;
  }
  Shared& state = shared();
  if (!state.filled.load(std::memory_order_relaxed)) return nullptr;
  const std::scoped_lock lock(state.mutex);
  return pop(state.lists, index, capacity);
}

void release_all(FreeLists& lists) noexcept {
  for (std::size_t index = 0; index < kClasses; ++index) {
    const std::size_t capacity = capacity_of(index);
    while (void* data = pop(lists, index, capacity)) {
      subtract(shared().cached, capacity);
      std::free(data);
    }
  }
}

}  // namespace

Block allocate(std::size_t bytes) {
  const SizeClass size = size_class(bytes);
  if (size.index >= kClasses) {
    throw MemoryError("memory: no system has " + std::to_string(bytes) + " bytes");
  }
  Shared& state = shared();
  const std::size_t limit = state.limit.load(std::memory_order_relaxed);
  if (limit != 0 && state.in_use.load(std::memory_order_relaxed) + size.capacity > limit) {
    throw MemoryError("memory: " + std::to_string(bytes) + " bytes would pass the limit of " +
                      std::to_string(limit) + " bytes (" + std::to_string(state.in_use.load()) +
                      " are in use)");
  }
  void* data = reuse(size.index, size.capacity);
  if (data != nullptr) {
    subtract(state.cached, size.capacity);
  } else {
    data = from_system(bytes, size.capacity);
  }
  const std::size_t in_use = add(state.in_use, size.capacity);
  if (in_use > state.peak.load(std::memory_order_relaxed))
    state.peak.store(in_use, std::memory_order_relaxed);
  return {data, size.capacity};
}

std::size_t capacity(std::size_t bytes) noexcept { return size_class(bytes).capacity; }

void deallocate(void* data, std::size_t capacity) noexcept {
  Shared& state = shared();
  subtract(state.in_use, capacity);
  add(state.cached, capacity);
  const std::size_t index = size_class(capacity).index;
  FreeLists* const lists = thread_cache();
  if (lists != nullptr && (single_threaded() || lists->bytes + capacity <= kThreadCacheBytes)) {
    return push(*lists, index, capacity, data);
  }
  const std::scoped_lock lock(state.mutex);
  push(state.lists, index, capacity, data);
  state.filled.store(true, std::memory_order_relaxed);
}

}  // namespace memory

MemoryStats memory_stats() {
  const memory::Shared& state = memory::shared();
  return {.in_use = state.in_use.load(), .peak = state.peak.load(), .cached = state.cached.load()};
}

void reset_peak_memory() {
  memory::Shared& state = memory::shared();
  state.peak.store(state.in_use.load());
}

void set_memory_limit(std::size_t bytes) { memory::shared().limit.store(bytes); }

void empty_memory_cache() {
  if (memory::FreeLists* lists = memory::thread_cache()) memory::release_all(*lists);
  memory::Shared& state = memory::shared();
  const std::scoped_lock lock(state.mutex);
  memory::release_all(state.lists);
}

}  // namespace gradus
