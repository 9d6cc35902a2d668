#pragma once

#include <cassert>
#include <cstdint>
#include <utility>

#if defined(__GLIBC__) || __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#endif

namespace gradus {

// Note [Reference counts]
// Half of what a small graph costs is counting references. While the process has had one thread only, a plain
// increment does; from the first thread on the counts are atomic. This is the test libstdc++'s shared_ptr
// makes.
inline bool single_threaded() {
#ifdef _SYS_SINGLE_THREADED_H
  return __libc_single_threaded != 0;
#else
  return false;
#endif
}

class ReferenceCount {
 public:
  void increment() noexcept {
    if (single_threaded()) {
      ++count_;
    } else {
      __atomic_add_fetch(&count_, 1, __ATOMIC_RELAXED);
    }
  }
  // True when this was the last reference.
  [[nodiscard]] bool decrement() noexcept {
    if (single_threaded()) return --count_ == 0;
    if (count() == 1) return true;  // nobody else is there to make another
    return __atomic_sub_fetch(&count_, 1, __ATOMIC_ACQ_REL) == 0;
  }
  std::uint32_t count() const noexcept { return __atomic_load_n(&count_, __ATOMIC_ACQUIRE); }

 private:
  std::uint32_t count_ = 1;
};

// Owns one reference to a T that has `retain()` and `release()`.
template <class T>
class Ref {
 public:
  Ref() noexcept = default;
  static Ref adopt(T* pointer) noexcept {  // takes over a reference the caller holds
    Ref ref;
    ref.pointer_ = pointer;
    return ref;
  }
  static Ref share(T* pointer) noexcept {
    if (pointer != nullptr) pointer->retain();
    return adopt(pointer);
  }
  Ref(const Ref& other) noexcept : pointer_(other.pointer_) {
    if (pointer_ != nullptr) pointer_->retain();
  }
  Ref(Ref&& other) noexcept : pointer_(std::exchange(other.pointer_, nullptr)) {}
  Ref& operator=(const Ref& other) noexcept {
    Ref(other).swap(*this);
    return *this;
  }
  Ref& operator=(Ref&& other) noexcept {
    Ref(std::move(other)).swap(*this);
    return *this;
  }
  ~Ref() {
    if (pointer_ != nullptr) pointer_->release();
  }
  // Points a new Ref at what another holds, without a look for what to let go. REQUIRES that it is null.
  void set_first(const Ref& other) noexcept {
    assert(pointer_ == nullptr);
    pointer_ = other.pointer_;
    if (pointer_ != nullptr) pointer_->retain();
  }
  void swap(Ref& other) noexcept { std::swap(pointer_, other.pointer_); }
  T* detach() noexcept { return std::exchange(pointer_, nullptr); }  // the caller owns the reference now

  T* get() const noexcept { return pointer_; }
  T* operator->() const noexcept { return pointer_; }
  T& operator*() const noexcept { return *pointer_; }
  explicit operator bool() const noexcept { return pointer_ != nullptr; }

 private:
  T* pointer_ = nullptr;
};

}  // namespace gradus
