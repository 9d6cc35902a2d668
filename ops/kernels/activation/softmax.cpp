#include <gradus/graph/parallel.h>
#include <gradus/ops/kernels/activation/softmax.h>
#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/elementwise/vector_sums.h>
#include <gradus/ops/kernels/reduction/short_rows.h>
#include <gradus/ops/kernels/reduction/softmax_rows.h>

#include <array>

namespace gradus::kernels {

namespace {

constexpr std::int64_t kGrain = std::int64_t{1} << 15;  // values
// Where the axis is not the last, a block of neighbours of so many runs is taken down the axis together.
constexpr std::int64_t kColumns = 256;

// Calls row(offset) for each run of split.extent contiguous values.
template <class Row>
void each_row_of(const AxisSplit& split, const Row& row) {
  const std::int64_t grain = std::max<std::int64_t>(1, kGrain / std::max<std::int64_t>(1, split.extent));
  parallel_for(split.outer, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) row(i * split.extent);
  });
}

// Where the runs are short calls block(offset, runs) for some of them at a time, and returns true; see Note
// [Short rows].
template <class Block>
bool each_short_run(const AxisSplit& split, const Block& block) {
  if (!are_short(split.extent)) return false;
  parallel_for(split.outer, kGrain / split.extent, [&](std::int64_t begin, std::int64_t end) {
    each_short_block(begin, end, split.extent,
                     [&](std::int64_t first, std::int64_t rows) { block(first * split.extent, rows); });
  });
  return true;
}

// Calls block(offset, columns) for each block of neighbouring runs, which lie split.inner apart.
template <class Block>
void each_block(const AxisSplit& split, const Block& block) {
  const std::int64_t blocks = (split.inner + kColumns - 1) / kColumns;
  const std::int64_t grain = std::max<std::int64_t>(
      1, kGrain / std::max<std::int64_t>(1, split.extent * std::min(split.inner, kColumns)));
  parallel_for(split.outer * blocks, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t first = i % blocks * kColumns;
      block(i / blocks * split.extent * split.inner + first, std::min(kColumns, split.inner - first));
    }
  });
}

template <class T>
using Columns = std::array<T, kColumns>;

// The largest values of columns, and the sums of e^(x - max), which are stored in y unless it is null.
template <class T>
void column_sums(const T* x, T* y, std::int64_t extent, std::int64_t stride, std::int64_t n, Columns<T>& max,
                 Columns<T>& sum) {
  std::copy_n(x, n, max.begin());
  for (std::int64_t k = 1; k < extent; ++k) {
    const T* row = x + k * stride;
    for (std::int64_t j = 0; j < n; ++j) max[j] = max[j] > row[j] || max[j] != max[j] ? max[j] : row[j];
  }
  std::fill_n(sum.begin(), n, T(0));
  Columns<T> powers;
  for (std::int64_t k = 0; k < extent; ++k) {
    T* out = y == nullptr ? powers.data() : y + k * stride;
    each_vector(
        n, out, [](Vector<T> v, Vector<T> m) { return exp(v - m); }, x + k * stride, max.data());
    for (std::int64_t j = 0; j < n; ++j) sum[j] += out[j];
  }
}

// f(g, y, sum) for runs of n values, where sum is that of one(g, y) over each run. Where runs are short.
template <class T, class One, class F>
void short_gradients(const T* y, const T* g, T* dx, std::int64_t rows, std::int64_t n, const One& one,
                     const F& f) {
  alignas(64) ShortBlock<T> block, sums;
  each_vector(rows * n, block.data(), one, g, y);
  sum_rows(block.data(), rows, n, sums.data());
  repeat_rows(sums.data(), rows, n, block.data());
  each_vector(rows * n, dx, f, g, y, block.data());
}

// Calls row(y, g, dx, n) for runs along the axis, short_rows(y, g, dx, runs, n) for some short ones at a
// time, or columns(y, g, dx, n) for blocks across it.
template <class Row, class Short, class Block>
Tensor gradient_along(const Tensor& y, const Tensor& g, std::size_t axis, const Row& row,
                      const Short& short_rows, const Block& columns) {
  Tensor dx = Tensor::empty(y.shape(), y.dtype());
  if (y.size() == 0) return dx;
  const AxisSplit split(y.shape(), axis);
  dispatch_floating(y.dtype(), [&]<class T>() {
    const T *ys = y.raw<T>(), *gs = g.raw<T>();
    T* out = dx.raw<T>();
    if (split.inner == 1) {
      const auto some = [&](std::int64_t at, std::int64_t rows) {
        short_rows(ys + at, gs + at, out + at, rows, split.extent);
      };
      if (each_short_run(split, some)) return;
      return each_row_of(split, [&](std::int64_t at) { row(ys + at, gs + at, out + at, split.extent); });
    }
    each_block(split,
               [&](std::int64_t at, std::int64_t n) { columns(ys + at, gs + at, out + at, split, n); });
  });
  return dx;
}

// The sum over each column of one(g, y).
template <class T, class One>
Columns<T> down_columns(const T* y, const T* g, const AxisSplit& split, std::int64_t n, const One& one) {
  Columns<T> sums;
  std::fill_n(sums.begin(), n, T(0));
  for (std::int64_t k = 0; k < split.extent; ++k) {
    const T *ys = y + k * split.inner, *gs = g + k * split.inner;
    for (std::int64_t j = 0; j < n; ++j) sums[j] += one(gs[j], ys[j]);
  }
  return sums;
}
template <class T, class F>
void each_row_of_columns(const T* y, const T* g, T* dx, const AxisSplit& split, std::int64_t n, const F& f,
                         const T* sums) {
  for (std::int64_t k = 0; k < split.extent; ++k) {
    each_vector(n, dx + k * split.inner, f, g + k * split.inner, y + k * split.inner, sums);
  }
}

}  // namespace

void softmax_into(const Tensor& x, std::size_t axis, Tensor& y) {
  if (x.size() == 0) return;
  const AxisSplit split(x.shape(), axis);
  dispatch_floating(x.dtype(), [&]<class T>() {
    const T* from = x.raw<T>();
    T* to = y.raw<T>();
    if (split.inner == 1) return softmax_rows(from, to, split.outer, split.extent);
    each_block(split, [&](std::int64_t at, std::int64_t n) {
      Columns<T> max, sum;
      column_sums(from + at, to + at, split.extent, split.inner, n, max, sum);
      for (std::int64_t j = 0; j < n; ++j) sum[j] = 1 / sum[j];
      for (std::int64_t k = 0; k < split.extent; ++k) {
        T* row = to + at + k * split.inner;
        for (std::int64_t j = 0; j < n; ++j) row[j] *= sum[j];
      }
    });
  });
}

void log_softmax_into(const Tensor& x, std::size_t axis, Tensor& y) {
  if (x.size() == 0) return;
  const AxisSplit split(x.shape(), axis);
  dispatch_floating(x.dtype(), [&]<class T>() {
    const T* from = x.raw<T>();
    T* to = y.raw<T>();
    if (split.inner == 1) {
      const auto some = [&](std::int64_t at, std::int64_t rows) {
        ShortPowers<T> powers;
        powers.set(from + at, rows, split.extent);
        powers.take_logs(rows);
        repeat_rows(powers.sums.data(), rows, split.extent, powers.powers.data());
        each_vector(
            rows * split.extent, to + at, [](Vector<T> v, Vector<T> log_sum) { return v - log_sum; },
            powers.below.data(), powers.powers.data());
      };
      if (each_short_run(split, some)) return;
      return each_row_of(split, [&](std::int64_t at) {
        const T max = largest(from + at, split.extent);
        const T log_sum = log_sum_above(from + at, max, split.extent);
        each_vector(
            split.extent, to + at, [=](Vector<T> v) { return (v - max) - log_sum; }, from + at);
      });
    }
    each_block(split, [&](std::int64_t at, std::int64_t n) {
      Columns<T> max, sum, log_sum;
      column_sums<T>(from + at, nullptr, split.extent, split.inner, n, max, sum);
      each_vector(
          n, log_sum.data(), [](Vector<T> v) { return log(v); }, sum.data());
      for (std::int64_t k = 0; k < split.extent; ++k) {
        const T* in = from + at + k * split.inner;
        T* out = to + at + k * split.inner;
        for (std::int64_t j = 0; j < n; ++j) out[j] = (in[j] - max[j]) - log_sum[j];
      }
    });
  });
}

Tensor softmax_gradient(const Tensor& y, const Tensor& g, std::size_t axis) {
  return gradient_along(
      y, g, axis,
      []<class T>(const T* ys, const T* gs, T* dx, std::int64_t n) {
        const auto sum = static_cast<T>(sum_of_vectors<T>(
            n, [](Vector<T> a, Vector<T> b) { return a * b; }, gs, ys));
        each_vector(
            n, dx, [sum](Vector<T> gv, Vector<T> yv) { return yv * (gv - sum); }, gs, ys);
      },
      []<class T>(const T* ys, const T* gs, T* dx, std::int64_t rows, std::int64_t n) {
        short_gradients(
            ys, gs, dx, rows, n, [](Vector<T> gv, Vector<T> yv) { return gv * yv; },
            [](Vector<T> gv, Vector<T> yv, Vector<T> sum) { return yv * (gv - sum); });
      },
      []<class T>(const T* ys, const T* gs, T* dx, const AxisSplit& split, std::int64_t n) {
        const Columns<T> sums = down_columns(ys, gs, split, n, [](T gv, T yv) { return gv * yv; });
        each_row_of_columns(
            ys, gs, dx, split, n, [](Vector<T> gv, Vector<T> yv, Vector<T> sum) { return yv * (gv - sum); },
            sums.data());
      });
}

Tensor log_softmax_gradient(const Tensor& y, const Tensor& g, std::size_t axis) {
  return gradient_along(
      y, g, axis,
      []<class T>(const T* ys, const T* gs, T* dx, std::int64_t n) {
        const auto sum = static_cast<T>(sum_of_vectors<T>(
            n, [](Vector<T> v) { return v; }, gs));
        each_vector(
            n, dx, [sum](Vector<T> gv, Vector<T> yv) { return gv - exp(yv) * sum; }, gs, ys);
      },
      []<class T>(const T* ys, const T* gs, T* dx, std::int64_t rows, std::int64_t n) {
        short_gradients(
            ys, gs, dx, rows, n, [](Vector<T> gv, Vector<T> /*yv*/) { return gv; },
            [](Vector<T> gv, Vector<T> yv, Vector<T> sum) { return gv - exp(yv) * sum; });
      },
      []<class T>(const T* ys, const T* gs, T* dx, const AxisSplit& split, std::int64_t n) {
        const Columns<T> sums = down_columns(ys, gs, split, n, [](T gv, T /*yv*/) { return gv; });
        each_row_of_columns(
            ys, gs, dx, split, n,
            [](Vector<T> gv, Vector<T> yv, Vector<T> sum) { return gv - exp(yv) * sum; }, sums.data());
      });
}

Tensor sparsemax_gradient(const Tensor& y, const Tensor& g, std::size_t axis) {
  return gradient_along(
      y, g, axis,
      []<class T>(const T* ys, const T* gs, T* dx, std::int64_t n) {
        const double sum = sum_of_vectors<T>(
            n, [](Vector<T> gv, Vector<T> yv) { return where(yv > 0, gv, 0); }, gs, ys);
        const double count = sum_of_vectors<T>(
            n, [](Vector<T> yv) { return where(yv > 0, 1, 0); }, ys);
        const auto mean = static_cast<T>(sum / count);
        each_vector(
            n, dx, [mean](Vector<T> gv, Vector<T> yv) { return where(yv > 0, gv - mean, 0); }, gs, ys);
      },
      []<class T>(const T* ys, const T* gs, T* dx, std::int64_t rows, std::int64_t n) {
        alignas(64) ShortBlock<T> block, counts, sums, means;
        each_vector(
            rows * n, block.data(), [](Vector<T> yv) { return where(yv > 0, Vector<T>(1), 0); }, ys);
        sum_rows(block.data(), rows, n, counts.data());
        each_vector(
            rows * n, block.data(), [](Vector<T> gv, Vector<T> yv) { return where(yv > 0, gv, 0); }, gs, ys);
        sum_rows(block.data(), rows, n, sums.data());
        for (std::int64_t i = 0; i < rows; ++i) sums[i] /= counts[i];
        repeat_rows(sums.data(), rows, n, means.data());
        each_vector(
            rows * n, dx,
            [](Vector<T> gv, Vector<T> yv, Vector<T> mean) { return where(yv > 0, gv - mean, 0); }, gs, ys,
            means.data());
      },
      []<class T>(const T* ys, const T* gs, T* dx, const AxisSplit& split, std::int64_t n) {
        Columns<T> means = down_columns(ys, gs, split, n, [](T gv, T yv) { return yv > 0 ? gv : 0; });
        const Columns<T> counts =
            down_columns(ys, gs, split, n, [](T /*gv*/, T yv) { return yv > 0 ? T(1) : T(0); });
        for (std::int64_t j = 0; j < n; ++j) means[j] /= counts[j];
        each_row_of_columns(
            ys, gs, dx, split, n,
            [](Vector<T> gv, Vector<T> yv, Vector<T> mean) { return where(yv > 0, gv - mean, 0); },
            means.data());
      });
}

}  // namespace gradus::kernels
