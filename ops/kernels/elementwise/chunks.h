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
// A loop over more elements than this is shared with other threads, this many to a piece: 5 us of the
// cheapest work on values in the second cache, 15 in the third, where most of so many are.
constexpr std::int64_t kElementGrain = std::int64_t{1} << 15;

// Values that are not set, as a std::array's in a tuple would be.
template <class T, std::int64_t count>
struct Unset {
  Unset() {}  // NOLINT: on purpose
  std::array<T, count> values;
};

template <class... T>
using ChunkOperands = std::array<const Tensor*, sizeof...(T)>;

// Calls body(at, n, operands...) for stretches of several short runs, which are copied one after the other;
// an operand with all of the result's elements is read where it lies.
template <class... T, class Body, std::size_t... I>
void each_short_run(const BroadcastPlan& plan, const ChunkOperands<T...>& operands,
                    const std::array<bool, sizeof...(T)>& plain, const Body& body,
                    std::index_sequence<I...>) {
  const std::int64_t run = plan.run();
  const std::array<bool, sizeof...(T)> recurs = {plan.recurs(I)...};
  parallel_for(plan.runs(), kElementGrain / run, [&](std::int64_t first, std::int64_t end) {
    std::tuple<Unset<T, kChunk>...> copies;
    std::int64_t start = first * run, filled = 0;
    bool again = false;  // what recurs has been copied
    const auto flush = [&] {
      body(start, filled,
           Broadcast<T>{plain[I] ? operands[I]->template raw<T>() + start
                                 : std::get<I>(copies).values.data()}...);
      start += filled;
      filled = 0;
      again = true;
    };
    plan.each_run(first, end, [&](std::int64_t /*at*/, const std::array<std::int64_t, 3>& offsets) {
      if (filled + run > kChunk) flush();
      const auto append = [&]<std::size_t K, class Value>(std::integral_constant<std::size_t, K>,
                                                          Unset<Value, kChunk>& copy) {
        if (plain[K] || (again && recurs[K])) return;
        const Value* from = operands[K]->template raw<Value>() + offsets[K];
        Value* to = copy.values.data() + filled;
        // `run`, but the compiler sees that it fits.
        const std::int64_t count = std::min(run, kChunk - filled);
        if (plan.repeats(K)) {
          std::fill_n(to, count, *from);
        } else {
          std::copy_n(from, count, to);
        }
      };
      (append(std::integral_constant<std::size_t, I>(), std::get<I>(copies)), ...);
      filled += run;
    });
    if (filled != 0) flush();
  });
}

// The same for long runs, each a stretch, or several where it is larger than a piece; what stands still over
// a run is copied kCopies times.
template <std::int64_t kCopies, class... T, class Body, std::size_t... I>
void each_long_run(const BroadcastPlan& plan, const ChunkOperands<T...>& operands, const Body& body,
                   std::index_sequence<I...>) {
  const std::int64_t run = plan.run();
  // Pieces of a run one by one; of shorter runs several at once.
  const std::int64_t pieces = (run - 1) / kElementGrain + 1, grain = pieces == 1 ? kElementGrain / run : 1;
  parallel_for(plan.runs() * pieces, grain, [&](std::int64_t first, std::int64_t end) {
    std::tuple<Unset<T, kCopies>...> copies;
    const std::int64_t begin = first % pieces * kElementGrain;
    const std::int64_t count = std::min(run - begin, kElementGrain);
    const auto stretch = [&](std::int64_t at, const std::array<std::int64_t, 3>& offsets) {
      const auto operand = [&]<std::size_t K, class Value>(std::integral_constant<std::size_t, K>,
                                                           Unset<Value, kCopies>& copy) -> Broadcast<Value> {
        const Value* from = operands[K]->template raw<Value>() + offsets[K];
        if (!plan.repeats(K)) return {from + begin};
        copy.values.fill(*from);
        return {copy.values.data(), 0};
      };
      body(at + begin, count, operand(std::integral_constant<std::size_t, I>(), std::get<I>(copies))...);
    };
    plan.each_run(first / pieces, (end - 1) / pieces + 1, stretch);
  });
}

// Walks tensors of element types T... that broadcast to `shape`: calls body(at, n, operands...) for stretches
// of n elements of the result that begin at `at`. An operand is a Broadcast: n contiguous values, or one that
// is the same all along, of which there are `kCopies` copies. Short runs are first copied into a stretch.
// Stretches may be walked on several threads at once.
template <std::int64_t kCopies, class... T, class Body, std::size_t... I>
void each_chunk(const Shape& shape, const ChunkOperands<T...>& operands, const Body& body,
                std::index_sequence<I...> indices) {
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
  if (plan.run() < kShortRun) {
    each_short_run<T...>(plan, operands, plain, body, indices);
  } else {
    each_long_run<kCopies, T...>(plan, operands, body, indices);
  }
}
template <std::int64_t kCopies, class... T, class Body>
void each_chunk(const Shape& shape, const ChunkOperands<T...>& operands, const Body& body) {
  each_chunk<kCopies, T...>(shape, operands, body, std::index_sequence_for<T...>());
}

}  // namespace gradus::kernels
