#pragma once

#include <gradus/graph/pool_vector.h>

#include <cstddef>
#include <cstdint>

namespace gradus {

// Some of a node's operands; of the first 64 without taking memory.
class OperandSet {
 public:
  bool contains(std::size_t i) const {
    return i < kBits ? (first_ >> i & 1) != 0 : i - kBits < more_.size() && more_[i - kBits] != 0;
  }
  void insert(std::size_t i) {
    if (i < kBits) {
      first_ |= std::uint64_t{1} << i;
    } else {
      if (more_.size() <= i - kBits) more_.resize(i - kBits + 1, 0);
      more_[i - kBits] = 1;
    }
  }
  bool empty() const { return first_ == 0 && more_.empty(); }
  bool includes(const OperandSet& other) const {
    if ((other.first_ & ~first_) != 0) return false;
    for (std::size_t i = 0; i < other.more_.size(); ++i) {
      if (other.more_[i] != 0 && !contains(kBits + i)) return false;
    }
    return true;
  }

 private:
  static constexpr std::size_t kBits = 64;
  std::uint64_t first_ = 0;
  PoolVector<std::uint8_t> more_;
};

}  // namespace gradus
