#pragma once

#include <gradus/graph/parallel.h>
#include <gradus/graph/tensor.h>
#include <gradus/ops/kernels/elementwise/broadcast.h>
#include <gradus/ops/kernels/elementwise/vector_loops.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace gradus::kernels {

constexpr std::int64_t kChunk = 512;
constexpr std::int64_t kShortRun = 64;
// A loop over more elements than this is shared with other threads, this many to a piece: 20 us of the
// cheapest work.
constexpr std::int64_t kElementGrain = std::int64_t{1} << 16;

// Walks tensors of element types T... that broadcast to `shape`: calls body(at, n, operands...) for stretches
// of n elements of the result that begin at `at`. An operand is a Broadcast: n contiguous values, or one that
// is the same all along, of which there are `kCopies` copies. Short runs are first copied into a stretch.
// Stretches may be walked on several threads at once.
template <std::int64_t kCopies, class... T, class Body, std::size_t... I>
void each_chunk(const Shape& shape, const std::array<const Tensor*, sizeof...(T)>& operands, const Body& body,
                std::index_sequence<I...>) {
  static_assert(kCopies <= kChunk);
  const std::array<bool, sizeof...(T)> plain = {(operands[I]->shape() == shape)...};
  if ((plain[I] && ...)) {
    const std::tuple<const T*...> values = {operands[I]->template raw<T>()...};
    parallel_for(shape.elements(), kElementGrain, [&](std::int64_t begin, std::int64_t end) {
      body(begin, end - begin, Broadcast<T>{std::get<I>(values) + begin}...);
    });
    return;
  }
  const std::array<const Shape*, sizeof...(T)> shapes = {&operands[I]->shape()...};
  const BroadcastPlan plan(shape, shapes);
  std::tuple<std::array<T, kChunk>...> copies;
  const bool repeats = (plan.repeats(I) || ...);
  const bool unbroken = !repeats || kCopies < kChunk;  // a run is a stretch, however long
  if (plan.run() < (unbroken ? kShortRun : kChunk)) {  // many short runs, put together
    std::int64_t start = 0, filled = 0;
    const auto flush = [&] {
      body(start, filled,
           Broadcast<T>{plain[I] ? operands[I]->template raw<T>() + start : std::get<I>(copies).data()}...);
      start += filled;
      filled = 0;
    };
    plan.each_run([&](std::int64_t /*at*/, const std::array<std::int64_t, 3>& offsets) {
      if (filled + plan.run() > kChunk) flush();
      const auto append = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
        if (plain[K]) return;
        const auto* from =
            operands[K]->template raw<std::tuple_element_t<K, std::tuple<T...>>>() + offsets[K];
        auto* to = std::get<K>(copies).data() + filled;
        if (plan.repeats(K)) {
          for (std::int64_t i = 0; i < plan.run(); ++i) to[i] = *from;
        } else {
          for (std::int64_t i = 0; i < plan.run(); ++i) to[i] = from[i];
        }
      };
      (append(std::integral_constant<std::size_t, I>()), ...);
      filled += plan.run();
    });
    if (filled != 0) flush();
    return;
  }
  const std::int64_t width = unbroken ? plan.run() : kChunk;
  plan.each_run([&](std::int64_t at, const std::array<std::int64_t, 3>& offsets) {
    const auto begin = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
      using Value = std::tuple_element_t<K, std::tuple<T...>>;
      const Value* values = operands[K]->template raw<Value>() + offsets[K];
      if (!plan.repeats(K)) return values;
      auto& repeated = std::get<K>(copies);
      std::fill_n(repeated.begin(), kCopies, *values);
      return static_cast<const Value*>(repeated.data());
    };
    const std::tuple<const T*...> pointers = {begin(std::integral_constant<std::size_t, I>())...};
    for (std::int64_t done = 0; done < plan.run(); done += width) {
      body(at + done, std::min(width, plan.run() - done),
           Broadcast<T>{std::get<I>(pointers) + (plan.repeats(I) ? 0 : done), plan.repeats(I) ? 0 : -1}...);
    }
  });
}
template <std::int64_t kCopies, class... T, class Body>
void each_chunk(const Shape& shape, const std::array<const Tensor*, sizeof...(T)>& operands,
                const Body& body) {
  each_chunk<kCopies, T...>(shape, operands, body, std::index_sequence_for<T...>());
}

}  // namespace gradus::kernels
