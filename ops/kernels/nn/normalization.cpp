#include <gradus/ops/kernels/elementwise/lanes.h>
#include <gradus/ops/kernels/elementwise/vector_sums.h>
#include <gradus/ops/kernels/nn/channel_rows.h>
#include <gradus/ops/kernels/nn/normalization.h>

#include <algorithm>
#include <cmath>

namespace gradus::kernels {

namespace {

template <class T>
double sum(const T* x, std::int64_t n, double shift, bool squared) {
  double total = 0;
  for (std::int64_t at = 0; at < n; at += kBlock) {
    const Lanes<T> part(x + at, std::min(kBlock, n - at));
    total +=
        squared ? static_cast<double>((part - T(shift)).square().sum()) : static_cast<double>(part.sum());
  }
  return total;
}

// Mean and sum of squares about it of each channel over some rows.
template <class T>
void block_moments(const T* x, std::int64_t rows, std::int64_t width, bool centered, T* mean, T* squares) {
  std::fill_n(mean, width, T(0));
  std::fill_n(squares, width, T(0));
  if (centered) {
    add_rows(rows, width, mean, [=](std::int64_t row, std::int64_t c) { return x[row * width + c]; });
    for (std::int64_t c = 0; c < width; ++c) mean[c] /= static_cast<T>(rows);
  }
  add_rows(rows, width, squares, [=](std::int64_t row, std::int64_t c) {
    const T rest = x[row * width + c] - mean[c];
    return rest * rest;
  });
}

template <class T>
void item_moments(const Groups& s, bool centered, const T* x, T* mean, T* variance) {
  const auto count = static_cast<double>(s.count());
  if (s.positions == 1) {
    for (std::int64_t g = 0; g < s.groups; ++g, x += s.width) {
      const double middle = centered ? sum(x, s.width, 0, false) / count : 0;
      mean[g] = static_cast<T>(middle);
      variance[g] = static_cast<T>(sum(x, s.width, static_cast<double>(mean[g]), true) / count);
    }
    return;
  }
  const std::int64_t channels = s.channels(), fold = folds(s.positions, channels), wide = channels * fold;
  const std::int64_t rows = s.positions / fold;
  PoolVector<T> parts(static_cast<std::size_t>(2 * blocks(rows, wide) * wide));
  PoolVector<double> total(static_cast<std::size_t>(2 * wide), 0);
  double *means = total.data(), *squares = means + wide;
  each_block(rows, wide, [&](std::int64_t block, std::int64_t first, std::int64_t size) {
    T* part = parts.data() + 2 * block * wide;
    block_moments(x + first * wide, size, wide, centered, part, part + wide);
  });
  const T* part = parts.data();
  for (std::int64_t done = 0; done < rows; part += 2 * wide) {
    const std::int64_t size = std::min(block_rows(wide), rows - done), all = done + size;
    const double share = static_cast<double>(size) / static_cast<double>(all);
    const double weight = static_cast<double>(done) * share;
    for (std::int64_t c = 0; c < wide; ++c) {
      const double apart = static_cast<double>(part[c]) - means[c];
      means[c] += apart * share;
      squares[c] += static_cast<double>(part[wide + c]) + apart * apart * weight;
    }
    done = all;
  }
  for (std::int64_t g = 0; g < s.groups; ++g) {
    double middle = 0, square = 0;
    for (std::int64_t at = g * s.width; at < wide; at += channels) {
      for (std::int64_t c = at; c < at + s.width; ++c) middle += means[c];
    }
    middle /= static_cast<double>(s.width * fold);
    for (std::int64_t at = g * s.width; at < wide; at += channels) {
      for (std::int64_t c = at; c < at + s.width; ++c) {
        square += squares[c] + static_cast<double>(rows) * (means[c] - middle) * (means[c] - middle);
      }
    }
    mean[g] = static_cast<T>(middle);
    variance[g] = static_cast<T>(square / count);
  }
}

template <class T>
T factor_of(T variance, double epsilon) {
  return 1 / std::sqrt(variance + static_cast<T>(epsilon));
}

// What the channels of an item are moved, stretched and moved by.
template <class T>
struct Affine {
  PoolVector<T> values;
  T *shift, *factor, *offset;

  explicit Affine(std::int64_t channels)
      : values(static_cast<std::size_t>(3 * channels)),
        shift(values.data()),
        factor(shift + channels),
        offset(factor + channels) {}
  void set(const Groups& s, const Normalized<T>& of, std::int64_t item) {
    for (std::int64_t g = 0; g < s.groups; ++g) {
      const T mean = of.mean[item * s.groups + g];
      const T scale = factor_of(of.variance[item * s.groups + g], of.epsilon);
      for (std::int64_t c = g * s.width; c < (g + 1) * s.width; ++c) {
        shift[c] = mean;
        factor[c] = of.scale == nullptr ? scale : scale * of.scale[c];
        offset[c] = of.offset == nullptr ? T(0) : of.offset[c];
      }
    }
  }
};

// The sums of g scale and of g scale h, h = f(x), over a run of values; adds g and g h to those of each
// place.
struct RowSums {
  double of_g, of_gh;
};
template <class T, class F>
RowSums add_row(std::int64_t n, const T* g, const T* x, const T* scale, const F& f, T* sum_g, T* sum_gh) {
  using V = Vector<T>;
  constexpr std::int64_t kStretch = 128 * V::kWidth;
  RowSums result = {0, 0};
  for (std::int64_t start = 0; start < n; start += kStretch) {
    const std::int64_t end = std::min(n, start + kStretch);
    V plain = 0, mixed = 0;
    std::int64_t c = start;
    for (; c + V::kWidth <= end; c += V::kWidth) {
      const V gv = V::load(g + c), gh = gv * f(V::load(x + c)), s = V::load(scale + c);
      plain = multiply_add(gv, s, plain);
      mixed = multiply_add(gh, s, mixed);
      (V::load(sum_g + c) + gv).store(sum_g + c);
      (V::load(sum_gh + c) + gh).store(sum_gh + c);
    }
    result.of_g += static_cast<double>(fold<T, V::kWidth>(plain.values));
    result.of_gh += static_cast<double>(fold<T, V::kWidth>(mixed.values));
    if (c == end) continue;
    T shares[V::kWidth];
    f(load_part(x + c, end - c)).store(shares);
    for (std::int64_t k = 0; k < end - c; ++k) {
      const T gv = g[c + k], gh = gv * shares[k];
      result.of_g += static_cast<double>(gv * scale[c + k]);
      result.of_gh += static_cast<double>(gh * scale[c + k]);
      sum_g[c + k] += gv;
      sum_gh[c + k] += gh;
    }
  }
  return result;
}

// One position: each group is a run of values. Adds to the sums of g and of g h, [channels].
template <class T>
void row_back(const Groups& s, bool centered, const Normalized<T>& of, std::int64_t item, const T* g, T* dx,
              T* sum_g, T* sum_gh) {
  for (std::int64_t group = 0; group < s.groups; ++group) {
    const std::int64_t at = item * s.channels() + group * s.width, first = group * s.width, n = s.width;
    const T mean = of.mean[item * s.groups + group];
    const T factor = factor_of(of.variance[item * s.groups + group], of.epsilon);
    using V = Vector<T>;
    const T *x = of.x + at, *own = g + at, *scale = of.scale == nullptr ? nullptr : of.scale + first;
    // Of h = (x - mean) factor.
    const auto steady = [=](V v) { return (v - mean) * factor; };
    double plain = 0, mixed = 0;
    if (scale == nullptr) {
      plain = sum_of_vectors<T>(
          n, [](V gv) { return gv; }, own);
      mixed = sum_of_vectors<T>(
          n, [=](V gv, V v) { return gv * steady(v); }, own, x);
    } else {
      const auto [of_g, of_gh] = add_row(n, own, x, scale, steady, sum_g + first, sum_gh + first);
      plain = of_g;
      mixed = of_gh;
    }
    const V less = centered ? static_cast<T>(plain / static_cast<double>(n)) : T(0);
    const V times = static_cast<T>(mixed / static_cast<double>(n)), by = factor;
    if (scale == nullptr) {
      const auto f = [=](V gv, V v) { return (gv - less - steady(v) * times) * by; };
      each_vector(n, dx + at, f, own, x);
    } else {
      const auto f = [=](V gv, V v, V stretch) { return (gv * stretch - less - steady(v) * times) * by; };
      each_vector(n, dx + at, f, own, x, scale);
    }
  }
}

template <class T>
void item_back(const Groups& s, bool centered, const Normalized<T>& of, std::int64_t item, const T* g, T* dx,
               double* sum_g, double* sum_gh) {
  const std::int64_t channels = s.channels(), size = s.positions * channels;
  Affine<T> by(channels);
  by.set(s, of, item);
  channel_sums(s.positions, channels, g + item * size, of.x + item * size, by.shift, sum_g, sum_gh);
  // dx = g factor - plain - (x - mean) mixed, the last two one for each group.
  PoolVector<T> rest(static_cast<std::size_t>(2 * channels));
  T *plain = rest.data(), *mixed = plain + channels;
  for (std::int64_t group = 0; group < s.groups; ++group) {
    const std::int64_t first = group * s.width, last = first + s.width;
    const auto factor = static_cast<double>(factor_of(of.variance[item * s.groups + group], of.epsilon));
    double sum = 0, product = 0;
    for (std::int64_t c = first; c < last; ++c) {
      const double scale = of.scale == nullptr ? 1 : static_cast<double>(of.scale[c]);
      sum_gh[c] *= factor;
      sum += scale * sum_g[c];
      product += scale * sum_gh[c];
    }
    const auto count = static_cast<double>(s.count());
    std::fill(plain + first, plain + last, static_cast<T>(centered ? sum / count * factor : 0));
    std::fill(mixed + first, mixed + last, static_cast<T>(product / count * factor * factor));
  }
  const std::int64_t fold = folds(s.positions, channels), wide = channels * fold;
  const Tiled<T, 4> all({by.shift, by.factor, plain, mixed}, channels, fold);
  each_block(s.positions / fold, wide, [&](std::int64_t, std::int64_t first, std::int64_t rows) {
    const T *shift = all[0], *factor = all[1], *less = all[2], *times = all[3];
    using V = Vector<T>;
    for (std::int64_t row = first; row < first + rows; ++row) {
      const std::int64_t at = item * size + row * wide;
      each_vector(
          wide, dx + at, [](V gv, V v, V by_shift, V f, V l, V t) { return gv * f - l - (v - by_shift) * t; },
          g + at, of.x + at, shift, factor, less, times);
    }
  });
}

}  // namespace

template <class T>
void group_moments(const Groups& s, bool centered, const T* x, T* mean, T* variance) {
  const std::int64_t size = s.positions * s.channels();
  parallel_for(s.batch, items(size), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      item_moments(s, centered, x + i * size, mean + i * s.groups, variance + i * s.groups);
    }
  });
}

template <class T>
void normalize(const Groups& s, const Normalized<T>& of, T* y) {
  const std::int64_t channels = s.channels(), size = s.positions * channels;
  const auto one_position = [&](std::int64_t item) {
    for (std::int64_t group = 0; group < s.groups; ++group) {
      const std::int64_t at = item * size + group * s.width, first = group * s.width, n = s.width;
      const T mean = of.mean[item * s.groups + group];
      const T factor = factor_of(of.variance[item * s.groups + group], of.epsilon);
      const Lanes<T> x(of.x + at, n);
      MutableLanes<T> out(y + at, n);
      if (of.scale == nullptr) {
        out = (x - mean) * factor;
      } else if (of.offset == nullptr) {
        out = (x - mean) * (Lanes<T>(of.scale + first, n) * factor);
      } else {
        out = (x - mean) * (Lanes<T>(of.scale + first, n) * factor) + Lanes<T>(of.offset + first, n);
      }
    }
  };
  parallel_for(s.batch, items(size), [&](std::int64_t begin, std::int64_t end) {
    if (s.positions == 1) {
      for (std::int64_t item = begin; item < end; ++item) one_position(item);
      return;
    }
    Affine<T> by(channels);
    for (std::int64_t item = begin; item < end; ++item) {
      by.set(s, of, item);
      channel_affine(s.positions, channels, of.x + item * size, by.shift, by.factor, by.offset,
                     y + item * size);
    }
  });
}

template <class T>
void normalize_back(const Groups& s, bool centered, const Normalized<T>& of, const T* g, T* dx, T* d_scale,
                    T* d_offset) {
  const std::int64_t channels = s.channels(), size = s.positions * channels;
  PoolVector<double> total(static_cast<std::size_t>(2 * channels), 0);
  // Sums of pieces of the batch, added in their order.
  const auto add = [&](const auto* parts, std::int64_t count) {
    for (std::int64_t k = 0; k < count; ++k, parts += 2 * channels) {
      for (std::int64_t c = 0; c < 2 * channels; ++c) {
        total[static_cast<std::size_t>(c)] += static_cast<double>(parts[c]);
      }
    }
  };
  if (s.positions == 1) {
    const std::int64_t rows = block_rows(channels), pieces = blocks(s.batch, channels);
    PoolVector<T> parts(static_cast<std::size_t>(2 * pieces * channels), T(0));
    parallel_for(s.batch, rows, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t item = begin; item < end; ++item) {
        T* part = parts.data() + item / rows * 2 * channels;
        row_back(s, centered, of, item, g, dx, part, part + channels);
      }
    });
    add(parts.data(), pieces);
  } else {
    PoolVector<double> parts(static_cast<std::size_t>(2 * s.batch * channels));
    parallel_for(s.batch, items(size), [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t item = begin; item < end; ++item) {
        double* part = parts.data() + item * 2 * channels;
        item_back(s, centered, of, item, g, dx, part, part + channels);
      }
    });
    add(parts.data(), s.batch);
  }
  for (std::int64_t c = 0; c < channels; ++c) {
    if (d_offset != nullptr) d_offset[c] = static_cast<T>(total[static_cast<std::size_t>(c)]);
    if (d_scale != nullptr) d_scale[c] = static_cast<T>(total[static_cast<std::size_t>(channels + c)]);
  }
}

#define GRADUS_NORMALIZATION(T)                                       \
  template void group_moments(const Groups&, bool, const T*, T*, T*); \
  template void normalize(const Groups&, const Normalized<T>&, T*);   \
  template void normalize_back(const Groups&, bool, const Normalized<T>&, const T*, T*, T*, T*);
GRADUS_NORMALIZATION(float)
GRADUS_NORMALIZATION(double)
#undef GRADUS_NORMALIZATION

}  // namespace gradus::kernels
