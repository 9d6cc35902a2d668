#pragma once

#include <concepts>
#include <cstdint>

namespace gradus {

// How often something is written: "epoch", "batch", or after every so many batches, counted across epochs.
class Frequency {
 public:
  template <std::integral I>
  Frequency(I batches) : Frequency(static_cast<std::int64_t>(batches)) {}  // NOLINT: implicit on purpose
  Frequency(std::int64_t batches);  // NOLINT: ValueError unless positive
  Frequency(const char* name);      // NOLINT: ValueError for another name
  bool each_epoch() const { return batches_ == 0; }
  std::int64_t batches() const { return batches_; }  // 0: each epoch

 private:
  std::int64_t batches_;
};

}  // namespace gradus
