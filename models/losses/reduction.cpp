#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/losses/reduction.h>

#include <algorithm>
#include <array>

namespace gradus {

LossReduction::LossReduction(std::string_view name) {
  static constexpr std::array<std::string_view, 5> kNames = {"sum_over_batch_size", "sum", "none",
                                                             "mean_with_sample_weight", "mean"};
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) throw ValueError(unknown_name("reduction", name, kNames));
  kind_ = static_cast<Kind>((found - kNames.begin()) % 4);  // "mean" is the first again
}

}  // namespace gradus
