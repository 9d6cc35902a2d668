#pragma once

#include <cstddef>

namespace gradus {

// What the tensors and nodes of this process take, in bytes.
struct MemoryStats {
  std::size_t in_use = 0;  // handed out now
  std::size_t peak = 0;    // the most that was handed out at one time since start or `reset_peak_memory()`
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
struct Block {
  void* data = nullptr;
  std::size_t capacity = 0;
};
Block allocate(std::size_t bytes);
std::size_t capacity(std::size_t bytes) noexcept;            // of the block that `allocate(bytes)` returns
void deallocate(void* data, std::size_t capacity) noexcept;  // capacity as `allocate` returned it

}  // namespace memory
}  // namespace gradus
