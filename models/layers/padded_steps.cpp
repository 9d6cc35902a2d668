#include <gradus/models/layers/padded_steps.h>
#include <gradus/models/layers/placed.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <functional>
#include <span>
#include <vector>

namespace gradus {

std::optional<PaddedSteps> PaddedSteps::find(const Tensor& mask) {
  const std::int64_t batch = mask.dim(0), time = mask.dim(1);
  const std::span<const bool> counts = mask.values<bool>();
  std::vector<std::int64_t> last;
  std::vector<bool> any;
  for (std::int64_t i = 0; i < batch; ++i) {
    const auto row = counts.subspan(static_cast<std::size_t>(i * time), static_cast<std::size_t>(time));
    if (!std::is_sorted(row.begin(), row.end(), std::greater<>())) return std::nullopt;
    const std::int64_t length = std::count(row.begin(), row.end(), true);
    last.push_back(std::max<std::int64_t>(length - 1, 0));
    any.push_back(length > 0);
  }
  PaddedSteps steps;
  steps.counts_ = mask.reshape({batch, time, 1});
  steps.last_ = Tensor(last, {batch, 1, 1});
  steps.any_counts_ = Tensor(any, {batch, 1, 1});
  return steps;
}

Variable PaddedSteps::last(const Operand& outputs, const Operand& before) const {
  const Placed at(outputs.where());
  const std::int64_t batch = outputs.shape()[0], size = outputs.shape()[2];
  const Variable chosen = take_along_axis(outputs, at(last_), {.axis = 1});
  const Variable initial = reshape(before, {batch, 1, size});
  return reshape(at(where(at(any_counts_), at(chosen), at(initial))), {batch, size});
}

Variable PaddedSteps::all(const Operand& outputs, const Operand& before) const {
  const Placed at(outputs.where());
  const Variable kept = reshape(at(last(outputs, before)), {outputs.shape()[0], 1, outputs.shape()[2]});
  return where(at(counts_), outputs, at(kept));
}

Variable PaddedSteps::all_or_zero(const Operand& outputs) const {
  return where(Operand(counts_, outputs.where()), outputs, 0);
}

Variable PaddedSteps::last_or_zero(const Operand& outputs) const {
  const Placed at(outputs.where());
  const Shape shape = outputs.shape();
  return reshape(at(slice(at(all_or_zero(outputs)), {{}, {.start = shape[1] - 1}})), {shape[0], shape[2]});
}

}  // namespace gradus
