#pragma once

#include <gradus/ops/kernels/reduction/groups.h>

namespace gradus::kernels {

// The way back from places to values: calls one(o, at, n) for n values from position `at` of x that all
// belong to place o, and each(o, at, n) for n that belong to places o, o + 1, … Pieces run on several
// threads.
template <class One, class Each>
void spread(const Shape& shape, const Shape& kept, const One& one, const Each& each) {
  if (shape.elements() == 0) return;
  if (const auto g = groups_of(shape, kept)) {
    const std::int64_t run = g->inner == 1 ? g->extent : g->inner, group = g->extent * g->inner;
    const auto walk = [&](std::int64_t at, std::int64_t end, const auto& body) {
      std::int64_t o = at / group, in_group = at % group, in_run = at % run;
      while (at < end) {
        const std::int64_t n = std::min(run - in_run, end - at);
        body(o, in_run, at, n);
        at += n;
        in_run = 0;
        if ((in_group += n) == group) {
          in_group = 0;
          ++o;
        }
      }
    };
    parallel_for(shape.elements(), kReducePiece, [&](std::int64_t begin, std::int64_t end) {
      if (g->inner == 1) {
        walk(begin, end,
             [&](std::int64_t o, std::int64_t, std::int64_t at, std::int64_t n) { one(o, at, n); });
      } else {
        walk(begin, end, [&](std::int64_t o, std::int64_t j, std::int64_t at, std::int64_t n) {
          each(o * g->inner + j, at, n);
        });
      }
    });
    return;
  }
  const std::array<const Shape*, 1> result = {&kept};
  const BroadcastPlan plan(shape, result);
  plan.each_run([&](std::int64_t at, const std::array<std::int64_t, 3>& offsets) {
    if (plan.repeats(0)) {
      one(offsets[0], at, plan.run());
    } else {
      each(offsets[0], at, plan.run());
    }
  });
}

// The same for a rule of lanes: dx = f(x, c…) where the c are numbers, or lanes, of the places.
template <class T, class F, class... C>
void spread_rule(const Tensor& x, const Shape& kept, Tensor& dx, const F& f, const C*... c) {
  const T* values = x.raw<T>();
  T* to = dx.raw<T>();
  spread(
      x.shape(), kept,
      [&](std::int64_t o, std::int64_t at, std::int64_t n) {
        MutableLanes<T>(to + at, n) = f(Lanes<T>(values + at, n), c[o]...);
      },
      [&](std::int64_t o, std::int64_t at, std::int64_t n) {
        MutableLanes<T>(to + at, n) = f(Lanes<T>(values + at, n), Lanes<T>(c + o, n)...);
      });
}

}  // namespace gradus::kernels
