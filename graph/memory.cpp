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
#include <utility>

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

// What a thread keeps for itself, and its share of the bytes in use: of what it took and gave back since it
// last told the others. Shares wrap around as a thread gives back what another took; their sum is right.
struct ThreadCache {
  FreeLists lists;
  std::atomic<std::size_t> in_use = 0;  // written by the thread alone
  ThreadCache* next = nullptr;          // of all threads'
};
constexpr std::size_t kLargestShare = std::size_t{64} << 10;

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

// Whether a thread may keep one more block for itself.
bool has_room(const FreeLists& lists, SizeClass size) noexcept {
  return single_threaded() || lists.bytes + size.capacity <= kThreadCacheBytes;
}

// What all threads share. Constant-initialised and never destroyed: globals of the user's may come before it
// and go after it.
struct Shared {
  std::mutex mutex;
  FreeLists lists;
  ThreadCache* caches = nullptr;         // of living threads
  std::atomic<std::size_t> threads = 0;  // how many
  std::atomic<bool> filled = false;
  std::atomic<std::size_t> in_use = 0;  // but for the threads' shares
  std::atomic<std::size_t> held = 0;    // all that the system has given
  std::atomic<std::size_t> peak = 0, limit = SIZE_MAX;
  // What a thread's view of the use, which lacks the others' shares, passes unseen: the peak, or so far below
  // the limit that the use cannot pass it.
  std::atomic<std::size_t> watched = 0;
};
static_assert(std::is_trivially_destructible_v<Shared>);
constinit Shared shared;

std::size_t relaxed(const std::atomic<std::size_t>& counter) noexcept {
  return counter.load(std::memory_order_relaxed);
}

// Whether a share may be kept from the others; it may be below zero.
bool is_small(std::size_t share) noexcept { return share + kLargestShare <= 2 * kLargestShare; }

void count(ThreadCache& cache, std::size_t bytes) noexcept {
  std::size_t share = relaxed(cache.in_use) + bytes;
  if (!is_small(share)) shared.in_use.fetch_add(std::exchange(share, 0), std::memory_order_relaxed);
  cache.in_use.store(share, std::memory_order_relaxed);
}

// REQUIRES the mutex.
std::size_t total_in_use() noexcept {
  std::size_t sum = relaxed(shared.in_use);
  for (const ThreadCache* each = shared.caches; each != nullptr; each = each->next) {
    sum += relaxed(each->in_use);
  }
  return sum;
}

void watch() noexcept {
  const std::size_t unseen = shared.threads.load() * kLargestShare, limit = shared.limit.load();
  shared.watched.store(std::min(shared.peak.load(), limit - std::min(limit, unseen)));
}

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
thread_local constinit ThreadCache* cache = nullptr;
thread_local constinit CacheState cache_state = CacheState::fresh;

struct CacheOwner {
  ThreadCache own;
  CacheOwner() noexcept {
    cache = &own;
    cache_state = CacheState::live;
    const std::scoped_lock lock(shared.mutex);
    own.next = std::exchange(shared.caches, &own);
    shared.threads.fetch_add(1);
    watch();
  }
  CacheOwner(const CacheOwner&) = delete;
  CacheOwner& operator=(const CacheOwner&) = delete;
  ~CacheOwner() {
    cache = nullptr;
    cache_state = CacheState::gone;
    const std::scoped_lock lock(shared.mutex);
    ThreadCache** link = &shared.caches;
    while (*link != &own) link = &(*link)->next;
    *link = own.next;
    shared.threads.fetch_sub(1);
    shared.in_use.fetch_add(relaxed(own.in_use), std::memory_order_relaxed);
    for (std::size_t index = 0; index < kClasses; ++index) {
      const std::size_t capacity = capacity_of(index);
      while (void* data = pop(own.lists, index, capacity)) push(shared.lists, index, capacity, data);
    }
    shared.filled.store(true, std::memory_order_relaxed);
  }
};

ThreadCache* thread_cache() noexcept {
  if (cache_state == CacheState::fresh) {
    static thread_local CacheOwner owner;
    cache = &owner.own;
  }
  return cache;
}

// In the child of a fork, which has no other threads: their shares are nobody's.
void inherit_shares() noexcept {
  const std::size_t total = total_in_use();
  shared.caches = cache;
  if (cache != nullptr) cache->next = nullptr;
  shared.threads.store(cache != nullptr ? 1 : 0);
  shared.in_use.store(total - (cache != nullptr ? relaxed(cache->in_use) : 0));
}

void* from_system(std::size_t bytes, std::size_t capacity) {
  require_processor();
  static const int registered = pthread_atfork([] { shared.mutex.lock(); }, [] { shared.mutex.unlock(); },
                                               [] {
                                                 inherit_shares();
                                                 shared.mutex.unlock();
                                               });
  static_cast<void>(registered);
  void* data = std::aligned_alloc(kAlignment, capacity);
  if (data == nullptr) {
    empty_memory_cache();
    data = std::aligned_alloc(kAlignment, capacity);
  }
  if (data == nullptr)
    throw MemoryError("memory: the system has no " + std::to_string(bytes) + " bytes left");
  shared.held.fetch_add(capacity);
  return data;
}

void* reuse(std::size_t index, std::size_t capacity) noexcept {
  if (ThreadCache* const own = thread_cache()) {
    if (void* data = pop(own->lists, index, capacity)) return data;
  }
  if (!shared.filled.load(std::memory_order_relaxed)) return nullptr;
  const std::scoped_lock lock(shared.mutex);
  return pop(shared.lists, index, capacity);
}

void release_all(FreeLists& lists) noexcept {
  for (std::size_t index = 0; index < kClasses; ++index) {
    const std::size_t capacity = capacity_of(index);
    while (void* data = pop(lists, index, capacity)) {
      shared.held.fetch_sub(capacity);
      std::free(data);
    }
  }
}

void count_any(std::size_t bytes) noexcept {
  if (ThreadCache* const own = thread_cache()) return count(*own, bytes);
  shared.in_use.fetch_add(bytes, std::memory_order_relaxed);
}

// Where the thread has no block of the class, its share grows large, or the use passes its peak or its limit.
[[gnu::noinline]] Block allocate_watched(std::size_t bytes, SizeClass size) {
  if (size.index >= kClasses) {
    throw MemoryError("memory: no system has " + std::to_string(bytes) + " bytes");
  }
  const std::size_t limit = relaxed(shared.limit);
  const auto in_use = [] {
    const std::scoped_lock lock(shared.mutex);
    return total_in_use();
  };
  if (const std::size_t now = in_use(); now + size.capacity > limit) {
    throw MemoryError("memory: " + std::to_string(bytes) + " bytes would pass the limit of " +
                      std::to_string(limit) + " bytes (" + std::to_string(now) + " are in use)");
  }
  void* data = reuse(size.index, size.capacity);
  if (data == nullptr) data = from_system(bytes, size.capacity);
  count_any(size.capacity);
  raise_peak(in_use());
  return {data, size.capacity};
}

// Where the thread has no cache yet, or no more, or a full one, or its share grows large.
[[gnu::noinline]] void give_back(void* data, SizeClass size) noexcept {
  count_any(std::size_t{0} - size.capacity);
  ThreadCache* const own = thread_cache();
  if (own != nullptr && has_room(own->lists, size)) return push(own->lists, size.index, size.capacity, data);
  const std::scoped_lock lock(shared.mutex);
  push(shared.lists, size.index, size.capacity, data);
  shared.filled.store(true, std::memory_order_relaxed);
}

}  // namespace

// What small graphs do most: no atomic addition, no lock.
Block allocate(std::size_t bytes, SizeClass size) {
  if (ThreadCache* const own = cache) [[likely]] {
    const std::size_t share = relaxed(own->in_use) + size.capacity;
    if (is_small(share) && relaxed(shared.in_use) + share <= relaxed(shared.watched)) [[likely]] {
      if (void* data = pop(own->lists, size.index, size.capacity)) [[likely]] {
        own->in_use.store(share, std::memory_order_relaxed);
        return {data, size.capacity};
      }
    }
  }
  return allocate_watched(bytes, size);
}

void deallocate(void* data, SizeClass size) noexcept {
  if (ThreadCache* const own = cache) [[likely]] {
    const std::size_t share = relaxed(own->in_use) - size.capacity;
    if (is_small(share) && has_room(own->lists, size)) [[likely]] {
      own->in_use.store(share, std::memory_order_relaxed);
      return push(own->lists, size.index, size.capacity, data);
    }
  }
  give_back(data, size);
}

}  // namespace memory

MemoryStats memory_stats() {
  using memory::shared;
  const std::scoped_lock lock(shared.mutex);
  const std::size_t in_use = memory::total_in_use();
  return {.in_use = in_use,
          .peak = std::max(shared.peak.load(), in_use),
          .cached = std::max(shared.held.load(), in_use) - in_use};
}

void reset_peak_memory() {
  const std::scoped_lock lock(memory::shared.mutex);
  memory::shared.peak.store(memory::total_in_use());
  memory::watch();
}

void set_memory_limit(std::size_t bytes) {
  memory::shared.limit.store(bytes == 0 ? SIZE_MAX : bytes);
  memory::watch();
}

void empty_memory_cache() {
  if (memory::ThreadCache* const own = memory::thread_cache()) memory::release_all(own->lists);
  const std::scoped_lock lock(memory::shared.mutex);
  memory::release_all(memory::shared.lists);
}

}  // namespace gradus
