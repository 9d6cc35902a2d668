#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <utility>

namespace gradus {

// One extent, axis or index in a braced list; takes any integer without a narrowing warning.
struct Dim {
  std::int64_t value = 0;
  template <std::integral I>
  constexpr Dim(I dim) : value(static_cast<std::int64_t>(dim)) {}  // NOLINT: implicit on purpose
  constexpr operator std::int64_t() const { return value; }        // NOLINT: implicit on purpose
};

// A short list of integers; up to four are kept inline, so that shapes and axes allocate nothing.
class Dims {
 public:
  Dims() = default;
  explicit Dims(std::span<const std::int64_t> values) : size_(static_cast<std::uint32_t>(values.size())) {
    if (size_ > kInline) heap_ = std::make_unique<std::int64_t[]>(size_);
    assign(values.begin());
  }
  Dims(std::initializer_list<Dim> values);  // REQUIRES to stay out of line; see dims.cpp
  Dims(std::size_t size, std::int64_t value) : size_(static_cast<std::uint32_t>(size)) {
    if (size_ > kInline) heap_ = std::make_unique<std::int64_t[]>(size_);
    for (std::int64_t& each : *this) each = value;
  }
  Dims(const Dims& other) : Dims(std::span(other)) {}
  Dims(Dims&& other) noexcept { *this = std::move(other); }
  Dims& operator=(const Dims& other) {
    if (this != &other) *this = Dims(other);
    return *this;
  }
  Dims& operator=(Dims&& other) noexcept {
    size_ = std::exchange(other.size_, 0);
    heap_ = std::move(other.heap_);
    for (std::uint32_t i = 0; i < kInline; ++i) inline_[i] = other.inline_[i];
    return *this;
  }
  ~Dims() = default;

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  std::int64_t* data() { return size_ <= kInline ? inline_ : heap_.get(); }
  const std::int64_t* data() const { return size_ <= kInline ? inline_ : heap_.get(); }
  std::int64_t& operator[](std::size_t i) { return data()[i]; }       // REQUIRES i < size
  std::int64_t operator[](std::size_t i) const { return data()[i]; }  // REQUIRES i < size
  std::int64_t* begin() { return data(); }
  std::int64_t* end() { return data() + size_; }
  const std::int64_t* begin() const { return data(); }
  const std::int64_t* end() const { return data() + size_; }

  friend bool operator==(const Dims& a, const Dims& b) {
    if (a.size_ != b.size_) return false;
    if (a.size_ == 2) {  // most are matrices
      return ((a.inline_[0] ^ b.inline_[0]) | (a.inline_[1] ^ b.inline_[1])) == 0;
    }
    const std::int64_t *left = a.data(), *right = b.data();
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (left[i] != right[i]) return false;
    }
    return true;
  }

 private:
  // <algorithm> would cost every file that includes this one a fifth of a second.
  template <class It>
  void assign(It values) {
    for (std::int64_t& each : *this) each = *values++;
  }

  static constexpr std::uint32_t kInline = 4;
  std::uint32_t size_ = 0;
  std::int64_t inline_[kInline] = {};
  std::unique_ptr<std::int64_t[]> heap_;
};

// Axes as a user writes them: `1` or `{0, -1}`. What an empty list means is the operation's to say.
class Axes : public Dims {
 public:
  using Dims::Dims;
  template <std::integral I>
  Axes(I axis) : Dims(1, static_cast<std::int64_t>(axis)) {}  // NOLINT: implicit on purpose
};

}  // namespace gradus
