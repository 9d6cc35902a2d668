#pragma once

#include <gradus/graph/memory.h>
#include <gradus/graph/reference_count.h>

#include <cstddef>
#include <cstdint>

namespace gradus {

// A pooled, 64-byte aligned block of bytes that Tensors share. The version counts changes in place, so that
// backward can tell that a value it needs is no longer the one it saw.
class alignas(64) Buffer {
 public:
  static Ref<Buffer> make(std::size_t bytes);
  static Ref<Buffer> make(memory::SizeClass size);  // of a whole block, as another Buffer's

  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  std::byte* data() noexcept { return reinterpret_cast<std::byte*>(this + 1); }
  memory::SizeClass size_class() const noexcept { return size_; }
  std::uint32_t version() const noexcept { return __atomic_load_n(&version_, __ATOMIC_RELAXED); }
  void bump_version() noexcept { __atomic_store_n(&version_, version() + 1, __ATOMIC_RELAXED); }
  bool unique() const noexcept { return references_.count() == 1; }

  void retain() noexcept { references_.increment(); }
  void release() noexcept {
    if (references_.decrement()) memory::deallocate(this, size_);
  }

 private:
  explicit Buffer(memory::SizeClass size) noexcept : size_(size) {}
  ~Buffer() = default;

  ReferenceCount references_;
  std::uint32_t version_ = 0;
  memory::SizeClass size_;
};

}  // namespace gradus
