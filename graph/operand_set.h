#pragma once

#include <gradus/graph/pool_vector.h>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace gradus {

// Some of a node's operands; of the first 64 without taking memory.
class OperandSet {
 public:
  bool contains(std::size_t i) const {
    return i < kBits ? (first_ >> i & 1) != 0 : more_ != nullptr && more_->contains(i - kBits);
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
