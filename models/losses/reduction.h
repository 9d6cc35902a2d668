#pragma once

#include <gradus/ops/loss.h>

#include <optional>
#include <string_view>

namespace gradus {

// What becomes of the values of the samples: "sum_over_batch_size" (or "mean"): their weighted sum over their
// number; "sum"; "none" (or nullopt, Keras's None); "mean_with_sample_weight": their weighted sum over the
// sum of the weights.
class LossReduction {
 public:
  enum Kind : std::uint8_t { sum_over_batch_size, sum, none, mean_with_sample_weight };
  constexpr LossReduction(Kind kind = sum_over_batch_size) : kind_(kind) {}  // NOLINT: implicit on purpose
  constexpr LossReduction(Reduction::Kind kind) : kind_(of(kind)) {}         // NOLINT
  constexpr LossReduction(const Reduction& reduction)
      : LossReduction(Reduction::Kind(reduction)) {}        // NOLINT
  constexpr LossReduction(std::nullopt_t) : kind_(none) {}  // NOLINT
  LossReduction(std::string_view name);                     // NOLINT: ValueError for an unknown name
  LossReduction(const char* name) : LossReduction(std::string_view(name)) {}  // NOLINT
  constexpr operator Kind() const { return kind_; }                           // NOLINT

  // What an op is to do where there are no weights.
  constexpr Reduction without_weights() const {
    if (kind_ == none) return Reduction::none;
    return kind_ == sum ? Reduction::sum : Reduction::sum_over_batch_size;
  }

 private:
  static constexpr Kind of(Reduction::Kind kind) {
    if (kind == Reduction::none) return none;
    return kind == Reduction::sum ? sum : sum_over_batch_size;
  }
  Kind kind_;
};

}  // namespace gradus
