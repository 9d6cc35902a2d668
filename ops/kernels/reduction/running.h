#pragma once

#include <gradus/graph/parallel.h>
#include <gradus/ops/kernels/reduction/scan.h>

#include <array>

namespace gradus::kernels {

// Elements of a piece of a scan: about 30 us of work.
constexpr std::int64_t kScanPiece = std::int64_t{1} << 15;

// Calls lines(first, beside) so that each line along the axis is met once: `first` is the position of a
// line's first value, and the next beside - 1 positions begin the lines beside it, at most kBeside together.
constexpr std::int64_t kBeside = 256;
template <class Lines>
void each_line(const AxisSplit& split, const Lines& lines) {
  if (split.outer == 0 || split.extent == 0) return;
  const std::int64_t groups = (split.inner - 1) / kBeside + 1;
  const std::int64_t size = split.extent * std::min(split.inner, kBeside);
  parallel_for(split.outer * groups, std::max<std::int64_t>(1, kScanPiece / size),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t k = begin; k < end; ++k) {
                   const std::int64_t first = k % groups * kBeside;
                   lines(k / groups * split.extent * split.inner + first,
                         std::min(kBeside, split.inner - first));
                 }
               });
}

// y[i] = x[0] ∘ … ∘ x[i] along one line, in Total; `sign` is the way from a value to the next. Four values
// are joined before the one so far is: the joins of four wait for nothing.
template <class Total, class T, class Join>
void run_line(const T* x, T* y, std::int64_t n, std::int64_t sign, Total start, const Join& join) {
  Total so_far = start;
  std::int64_t i = 0;
  for (; i + 4 <= n; i += 4, x += 4 * sign, y += 4 * sign) {
    const Total a = static_cast<Total>(x[0]), ab = join(a, static_cast<Total>(x[sign]));
    const Total c = static_cast<Total>(x[2 * sign]), cd = join(c, static_cast<Total>(x[3 * sign]));
    const Total abc = join(ab, c), all = join(ab, cd);
    y[0] = static_cast<T>(join(so_far, a));
    y[sign] = static_cast<T>(join(so_far, ab));
    y[2 * sign] = static_cast<T>(join(so_far, abc));
    so_far = join(so_far, all);
    y[3 * sign] = static_cast<T>(so_far);
  }
  for (; i < n; ++i, x += sign, y += sign) {
    so_far = join(so_far, static_cast<Total>(*x));
    *y = static_cast<T>(so_far);
  }
}

// The same for all lines along an axis.
template <class Total, class T, class Join>
void running(const AxisSplit& split, Direction direction, const T* x, T* y, Total start, const Join& join) {
  const bool onward = direction == Direction::onward;
  const std::int64_t begin = onward ? 0 : (split.extent - 1) * split.inner;
  each_line(split, [&](std::int64_t first, std::int64_t beside) {
    const T* from = x + first + begin;
    T* to = y + first + begin;
    if (split.inner == 1) return run_line(from, to, split.extent, onward ? 1 : -1, start, join);
    std::array<Total, kBeside> states;
    states.fill(start);
    const std::int64_t step = onward ? split.inner : -split.inner;
    for (std::int64_t i = 0; i < split.extent; ++i, from += step, to += step) {
      for (std::int64_t j = 0; j < beside; ++j) {
        Total& state = states[static_cast<std::size_t>(j)];
        state = join(state, static_cast<Total>(from[j]));
        to[j] = static_cast<T>(state);
      }
    }
  });
}

}  // namespace gradus::kernels
