#pragma once

#include <gradus/graph/pool_vector.h>

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
    return i < kBits ? (first_ >> i & 1) != 0 : more_ != nullptr && more_->contains(i - kBits);
  }
  // Whether it has all that `other` has.
  bool includes(const OperandSet& other) const {
    if ((other.first_ & ~first_) != 0) return false;
    return other.more_ == nullptr || (more_ != nullptr && more_->includes(*other.more_));
  }
  void insert(std::size_t i) {
    if (i < kBits) {
      first_ |= std::uint64_t{1} << i;
    } else {
      if (more_ == nullptr) more_ = std::make_unique<More>();
      more_->insert(i - kBits);
    }
  }

 private:
  struct More : memory::Pooled<More> {
    PoolVector<std::uint8_t> places = {};
    bool contains(std::size_t i) const { return i < places.size() && places[i] != 0; }
    bool includes(const More& other) const {
      for (std::size_t i = 0; i < other.places.size(); ++i) {
        if (other.places[i] != 0 && !contains(i)) return false;
      }
      return true;
    }
    void insert(std::size_t i) {
      if (places.size() <= i) places.resize(i + 1, 0);
      places[i] = 1;
    }
  };
  static constexpr std::size_t kBits = 64;
  std::uint64_t first_ = 0;
  std::unique_ptr<More> more_;
};

}  // namespace gradus
