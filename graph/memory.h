#pragma once

#include <bit>
#include <cstddef>

namespace gradus {

// What the tensors and nodes of this process take, in bytes.
struct MemoryStats {
  std::size_t in_use = 0;  // handed out now
  // The most that was handed out at one time since start or `reset_peak_memory()`: exact where one thread
  // allocates, else to 64 KiB for each of the others.
  std::size_t peak = 0;
  std::size_t cached = 0;  // kept for reuse
};
MemoryStats memory_stats();
void reset_peak_memory();

// Bounds `in_use`; an allocation that would pass it throws MemoryError. 0 means no bound.
void set_memory_limit(std::size_t bytes);
// Gives the blocks that this thread and dead threads have cached back to the system.
void empty_memory_cache();

namespace memory {

// Note [Buffer pool]
// Blocks come in size classes, four to a doubling, 64-byte aligned, and return to a cache of the thread that
// frees them. A block freed when its thread's cache is gone (a global model dies after the thread's locals)
// goes to a shared list. Neither the pool's own state nor the list is ever destroyed, and both survive fork.
// Each thread counts its own share of the bytes in use, since an atomic addition for each block would cost a
// small graph a fifth of its time.
struct Block {
  void* data = nullptr;
  std::size_t capacity = 0;
};
// Class of the smallest capacity that holds `bytes`, and that capacity: 64, 128, 192, 256, 320, 384, 448,
// 512, 640 …
struct SizeClass {
  std::size_t index = 0;
  std::size_t capacity = 0;
};
constexpr std::size_t kAlignment = 64;
constexpr SizeClass size_class(std::size_t bytes) noexcept {
  const std::size_t units = (bytes + kAlignment - 1) / kAlignment;
  if (units <= 4) return {units == 0 ? 0 : units - 1, (units == 0 ? 1 : units) * kAlignment};
  const auto shift = static_cast<std::size_t>(std::bit_width(units - 1)) - 3;
  const std::size_t quarters = ((units - 1) >> shift) + 1;  // 5 to 8
  return {4 * shift + quarters - 1, (quarters << shift) * kAlignment};
}
// Of the block that `allocate(bytes)` returns.
constexpr std::size_t capacity(std::size_t bytes) noexcept { return size_class(bytes).capacity; }

Block allocate(std::size_t bytes, SizeClass size);  // REQUIRES size == size_class(bytes)
inline Block allocate(std::size_t bytes) { return allocate(bytes, size_class(bytes)); }
void deallocate(void* data, SizeClass size) noexcept;
inline void deallocate(void* data, std::size_t capacity) noexcept {  // capacity as `allocate` returned it
  deallocate(data, size_class(capacity));
}

// Base of objects that take their memory from the pool.
template <class T>
struct Pooled {
  static void* operator new(std::size_t /*size*/) { return allocate(sizeof(T)).data; }
  static void operator delete(void* data) noexcept { deallocate(data, size_class(sizeof(T))); }
};

}  // namespace memory
}  // namespace gradus
