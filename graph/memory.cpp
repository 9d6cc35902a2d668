#include <gradus/graph/error.h>
#include <gradus/graph/memory.h>
#include <gradus/graph/processor.h>
#include <gradus/graph/reference_count.h>

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <new>
#include <string>
#include <type_traits>

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

constexpr std::size_t kClasses = 160;  // the last holds 2^47 bytes, all that a process can address
// What a thread keeps for itself. Beyond it goes to the shared list: a thread that only frees what others
// allocate would hoard all of it.
constexpr std::size_t kThreadCacheBytes = std::size_t{64} << 20;

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

// What all threads share. Constant-initialised and never destroyed: globals of the user's may come before it
// and go after it.
struct Shared {
  std::mutex mutex;
  FreeLists lists;
  std::atomic<bool> filled = false;
  std::atomic<std::size_t> in_use = 0, held = 0;  // held: all that the system has given
  std::atomic<std::size_t> peak = 0, limit = SIZE_MAX;
  std::atomic<std::size_t> watched = 0;  // the lesser of peak and limit: what `in_use` passes unseen
};
static_assert(std::is_trivially_destructible_v<Shared>);
constinit Shared shared;

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

void watch() noexcept { shared.watched.store(std::min(shared.peak.load(), shared.limit.load())); }

void raise_peak(std::size_t in_use) noexcept {
  std::size_t peak = shared.peak.load();
  while (in_use > peak && !shared.peak.compare_exchange_weak(peak, in_use)) {
  }
  watch();
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
    const std::scoped_lock lock(shared.mutex);
    for (std::size_t index = 0; index < kClasses; ++index) {
      const std::size_t capacity = capacity_of(index);
      while (void* data = pop(lists, index, capacity)) push(shared.lists, index, capacity, data);
    }
    shared.filled.store(true, std::memory_order_relaxed);
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
  static const int registered = pthread_atfork([] { shared.mutex.lock(); }, [] { shared.mutex.unlock(); },
                                               [] { shared.mutex.unlock(); });
  static_cast<void>(registered);
  void* data = std::aligned_alloc(kAlignment, capacity);
  if (data == nullptr) {
    empty_memory_cache();
    data = std::aligned_alloc(kAlignment, capacity);
  }
  if (data == nullptr)
    throw MemoryError("memory: the system has no " + std::to_string(bytes) + " bytes left");
  add(shared.held, capacity);
  return data;
}

void* reuse(std::size_t index, std::size_t capacity) noexcept {
  if (FreeLists* lists = thread_cache()) {
    if (void* data = pop(*lists, index, capacity)) return data;
  }
  if (!shared.filled.load(std::memory_order_relaxed)) return nullptr;
  const std::scoped_lock lock(shared.mutex);
  return pop(shared.lists, index, capacity);
}

void release_all(FreeLists& lists) noexcept {
  for (std::size_t index = 0; index < kClasses; ++index) {
    const std::size_t capacity = capacity_of(index);
    while (void* data = pop(lists, index, capacity)) {
      subtract(shared.held, capacity);
      std::free(data);
    }
  }
}

// Where the thread has no block of the class, or `in_use` passes its peak or its limit.
[[gnu::noinline]] Block allocate_watched(std::size_t bytes, SizeClass size) {
  if (size.index >= kClasses) {
    throw MemoryError("memory: no system has " + std::to_string(bytes) + " bytes");
  }
  const std::size_t limit = shared.limit.load(std::memory_order_relaxed);
  if (shared.in_use.load(std::memory_order_relaxed) + size.capacity > limit) {
    throw MemoryError("memory: " + std::to_string(bytes) + " bytes would pass the limit of " +
                      std::to_string(limit) + " bytes (" + std::to_string(shared.in_use.load()) +
                      " are in use)");
  }
  void* data = reuse(size.index, size.capacity);
  if (data == nullptr) data = from_system(bytes, size.capacity);
  raise_peak(add(shared.in_use, size.capacity));
  return {data, size.capacity};
}

// Where the thread has no cache yet, or no more, or a full one.
[[gnu::noinline]] void give_back(void* data, SizeClass size) noexcept {
  FreeLists* const lists = thread_cache();
  if (lists != nullptr && (single_threaded() || lists->bytes + size.capacity <= kThreadCacheBytes)) {
    return push(*lists, size.index, size.capacity, data);
  }
  const std::scoped_lock lock(shared.mutex);
  push(shared.lists, size.index, size.capacity, data);
  shared.filled.store(true, std::memory_order_relaxed);
}

}  // namespace

Block allocate(std::size_t bytes, SizeClass size) {
  const std::size_t in_use = shared.in_use.load(std::memory_order_relaxed) + size.capacity;
  if (cache != nullptr && in_use <= shared.watched.load(std::memory_order_relaxed)) [[likely]] {
    if (void* data = pop(*cache, size.index, size.capacity)) [[likely]] {
      add(shared.in_use, size.capacity);
      return {data, size.capacity};
    }
  }
  return allocate_watched(bytes, size);
}

void deallocate(void* data, SizeClass size) noexcept {
  subtract(shared.in_use, size.capacity);
  if (cache != nullptr && (single_threaded() || cache->bytes + size.capacity <= kThreadCacheBytes))
      [[likely]] {
    return push(*cache, size.index, size.capacity, data);
  }
  give_back(data, size);
}

}  // namespace memory

MemoryStats memory_stats() {
  using memory::shared;
  const std::size_t in_use = shared.in_use.load();
  return {
      .in_use = in_use, .peak = shared.peak.load(), .cached = std::max(shared.held.load(), in_use) - in_use};
}

void reset_peak_memory() {
  memory::shared.peak.store(memory::shared.in_use.load());
  memory::watch();
}

void set_memory_limit(std::size_t bytes) {
  memory::shared.limit.store(bytes == 0 ? SIZE_MAX : bytes);
  memory::watch();
}

void empty_memory_cache() {
  if (memory::FreeLists* lists = memory::thread_cache()) memory::release_all(*lists);
  const std::scoped_lock lock(memory::shared.mutex);
  memory::release_all(memory::shared.lists);
}

}  // namespace gradus
