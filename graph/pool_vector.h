#pragma once

#include <gradus/graph/memory.h>

#include <vector>

namespace gradus {

// Takes its memory from the buffer pool, so that a training step in steady state asks the heap for nothing.
template <class T>
struct PoolAllocator {
  using value_type = T;

  PoolAllocator() = default;
  template <class U>
  PoolAllocator(const PoolAllocator<U>&) noexcept {}  // NOLINT: implicit as allocators are

  T* allocate(std::size_t count) { return static_cast<T*>(memory::allocate(count * sizeof(T)).data); }
  void deallocate(T* data, std::size_t count) noexcept {
    memory::deallocate(data, memory::capacity(count * sizeof(T)));
  }
  friend bool operator==(PoolAllocator, PoolAllocator) { return true; }
};

template <class T>
using PoolVector = std::vector<T, PoolAllocator<T>>;

}  // namespace gradus
