#include "our_calls.h"

#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <limits>

namespace gradus::bench {

namespace {

Axes axes_of(const Case& item) { return item.axis == kAllAxes ? Axes{} : Axes(item.axis); }

std::optional<std::int64_t> axis_of(const Case& item) {
  if (item.axis == kAllAxes) return std::nullopt;
  return item.axis;
}

Call reduce(Variable (*op)(const Operand&, ReduceOptions)) {
  return [op](In x, const Case& item) { return op(x[0], {.axis = axes_of(item)}); };
}

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::int64_t side_of(In x) { return x[0].shape()[0]; }

}  // namespace

Calls reduction_calls() {
  return {
      {"sum", reduce(sum)},
      {"mean", reduce(mean)},
      {"max", reduce(max)},
      {"min", reduce(min)},
      {"prod", reduce(prod)},
      {"all", reduce(all)},
      {"any", reduce(any)},
      {"logsumexp", reduce(logsumexp)},
      {"var", [](In x, const Case& item) { return var(x[0], {.axis = axes_of(item)}); }},
      {"std", [](In x, const Case& item) { return gradus::std(x[0], {.axis = axes_of(item)}); }},
      {"norm", [](In x, const Case& item) { return norm(x[0], {.axis = axes_of(item)}); }},
      {"norm[ord=1]", [](In x, const Case&) { return norm(x[0], {.ord = 1, .axis = -1}); }},
      {"norm[ord=inf]", [](In x, const Case&) { return norm(x[0], {.ord = kInfinity, .axis = -1}); }},
      {"argmax", [](In x, const Case& item) { return argmax(x[0], {.axis = axis_of(item)}); }},
      {"argmin", [](In x, const Case& item) { return argmin(x[0], {.axis = axis_of(item)}); }},
      {"cumsum", [](In x, const Case& item) { return cumsum(x[0], {.axis = item.axis}); }},
      {"cumprod", [](In x, const Case& item) { return cumprod(x[0], {.axis = item.axis}); }},
      {"logcumsumexp", [](In x, const Case& item) { return logcumsumexp(x[0], {.axis = item.axis}); }},
      {"sort", [](In x, const Case& item) { return sort(x[0], {.axis = item.axis}); }},
      {"top_k", [](In x, const Case&) { return top_k(x[0], 3).values; }},
  };
}

Calls shape_calls() {
  return {
      {"reshape",
       [](In x, const Case&) {
         return reshape(x[0], {-1, 4});
       }},
      {"flatten", [](In x, const Case&) { return flatten(x[0]); }},
      {"expand_dims", [](In x, const Case&) { return expand_dims(x[0]); }},
      {"squeeze", [](In x, const Case&) { return squeeze(x[0]); }},
      {"transpose", [](In x, const Case&) { return transpose(x[0]); }},
      {"swapaxes", [](In x, const Case&) { return swapaxes(x[0], 1, 2); }},
      {"moveaxis", [](In x, const Case&) { return moveaxis(x[0], 0, 2); }},
      {"broadcast_to",
       [](In x, const Case& item) {
         const std::int64_t side = item.inputs[0].shape[0];
         return broadcast_to(x[0], {side, side});
       }},
      {"concatenate",
       [](In x, const Case& item) {
         return concatenate({x[0], x[1]}, {.axis = item.axis});
       }},
      {"stack",
       [](In x, const Case&) {
         return stack({x[0], x[1]});
       }},
      {"unstack", [](In x, const Case&) { return unstack(x[0]); }},
      {"split", [](In x, const Case& item) { return split(x[0], 4, {.axis = item.axis}); }},
      {"slice", [](In x, const Case&) { return slice(x[0], {{.start = 1, .stop = side_of(x) - 1}}); }},
      {"slice[axis=-1]",
       [](In x, const Case&) {
         return slice(x[0], {{}, {.start = 1, .stop = side_of(x) - 1}});
       }},
      {"take", [](In x, const Case& item) { return take(x[0], x[1], {.axis = item.axis}); }},
      {"take_along_axis",
       [](In x, const Case& item) { return take_along_axis(x[0], x[1], {.axis = item.axis}); }},
      {"scatter_add", [](In x, const Case&) { return scatter_add(x[0], x[1], x[2]); }},
      {"pad",
       [](In x, const Case&) {
         return pad(x[0], {{1, 1}});
       }},
      {"tile",
       [](In x, const Case&) {
         return tile(x[0], {2, 2});
       }},
      {"repeat", [](In x, const Case&) { return repeat(x[0], 2, {.axis = 0}); }},
      {"flip", [](In x, const Case&) { return flip(x[0]); }},
      {"roll", [](In x, const Case&) { return roll(x[0], 1, {.axis = 1}); }},
  };
}

}  // namespace gradus::bench
