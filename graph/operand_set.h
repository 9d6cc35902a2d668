#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace gradus {

// Some of a node's operands; of the first 64 without taking memory.
class OperandSet {
 public:
  OperandSet() = default;
  // Those of `size` operands for which has(i).
  template <class Has>
  OperandSet(std::size_t size, const Has& has) {
    for (; size > kBits; --size) {
      if (has(size - 1)) insert(size - 1);
    }
    std::uint64_t first = 0;
    while (size-- > 0) first = first << 1 | std::uint64_t{has(size)};
    first_ = first;
  }

  bool contains(std::size_t i) const {
    return i < kBits ? (first_ >> i & 1) != 0 : more_ != nullptr && contains_further(i);
  }
  // Whether it has all that `other` has.
  bool includes(const OperandSet& other) const {
    if ((other.first_ & ~first_) != 0) return false;
    return other.more_ == nullptr || includes_further(other);
  }
  void insert(std::size_t i) {
    if (i < kBits) {
      first_ |= std::uint64_t{1} << i;
    } else {
      insert_further(i);
    }
  }

 private:
  // Those beyond the first 64, whom few nodes have.
  struct More;
  struct Drop {
    void operator()(More* more) const noexcept;
  };
  bool contains_further(std::size_t i) const;
  bool includes_further(const OperandSet& other) const;
  void insert_further(std::size_t i);

  static constexpr std::size_t kBits = 64;
  std::uint64_t first_ = 0;
  std::unique_ptr<More, Drop> more_;
};

}  // namespace gradus
