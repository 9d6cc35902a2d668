#pragma once

#include <gradus/graph/tensor.h>
#include <gradus/ops/kernels/elementwise/broadcast.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace gradus::kernels {

constexpr std::int64_t kChunk = 512;

// Walks tensors of element types T... that broadcast to `shape`: calls body(at, n, pointers...) for stretches
// of n elements of the result that begin at `at`, each pointer to n contiguous values of its operand. A value
// that stands still along a stretch is first written out n times, so that a body only ever sees plain arrays.
template <class... T, class Body, std::size_t... I>
void each_chunk(const Shape& shape, const std::array<const Tensor*, sizeof...(T)>& operands, const Body& body,
                std::index_sequence<I...>) {
  if (((operands[I]->shape() == shape) && ...)) {
    if (shape.elements() != 0) body(std::int64_t{0}, shape.elements(), operands[I]->template raw<T>()...);
    return;
  }
  const std::array<const Shape*, sizeof...(T)> shapes = {&operands[I]->shape()...};
  const BroadcastPlan plan(shape, shapes);
  const std::int64_t width = (plan.repeats(I) || ...) ? std::min(plan.run(), kChunk) : plan.run();
  std::tuple<std::array<T, kChunk>...> repeated;
  plan.each_run([&](std::int64_t at, const std::array<std::int64_t, 3>& offsets) {
    const auto begin = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
      using Value = std::tuple_element_t<K, std::tuple<T...>>;
      const Value* values = operands[K]->template raw<Value>() + offsets[K];
      if (!plan.repeats(K)) return values;
      auto& copies = std::get<K>(repeated);
      std::fill_n(copies.begin(), width, *values);
      return static_cast<const Value*>(copies.data());
    };
    const std::tuple<const T*...> pointers = {begin(std::integral_constant<std::size_t, I>())...};
    for (std::int64_t done = 0; done < plan.run(); done += width) {
      body(at + done, std::min(width, plan.run() - done),
           std::get<I>(pointers) + (plan.repeats(I) ? 0 : done)...);
    }
  });
}
template <class... T, class Body>
void each_chunk(const Shape& shape, const std::array<const Tensor*, sizeof...(T)>& operands,
                const Body& body) {
  each_chunk<T...>(shape, operands, body, std::index_sequence_for<T...>());
}

}  // namespace gradus::kernels
