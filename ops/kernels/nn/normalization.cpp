#include <gradus/graph/parallel.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/elementwise/lanes.h>
#include <gradus/ops/kernels/nn/normalization.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace gradus::kernels {

namespace {

// A block has about this many values, and no more rows than a float32 sum can take.
constexpr std::int64_t kBlock = std::int64_t{1} << 14, kMostRows = 256, kLeastRows = 8, kFold = 256;

std::int64_t block_rows(std::int64_t width) {
  return std::clamp<std::int64_t>(kBlock / std::max<std::int64_t>(width, 1), kLeastRows, kMostRows);
}
// How many rows of few channels count as one of many: vectors want width.
std::int64_t folds(std::int64_t rows, std::int64_t channels) {
  std::int64_t fold = 1;
  while (fold * 2 * channels <= kFold && rows % (fold * 2) == 0) fold *= 2;
  return fold;
}
// Items of `values` values each that make a piece of work.
std::int64_t items(std::int64_t values) {
  return std::max<std::int64_t>(kBlock * 2 / std::max<std::int64_t>(values, 1), 1);
}

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

// sum[c] += term(row, c) over rows, four at a time.
template <class T, class Term>
void add_rows(std::int64_t rows, std::int64_t width, T* sum, const Term& term) {
  std::int64_t row = 0;
  for (; row + 4 <= rows; row += 4) {
    for (std::int64_t c = 0; c < width; ++c) {
      sum[c] += (term(row, c) + term(row + 1, c)) + (term(row + 2, c) + term(row + 3, c));
    }
  }
  for (; row < rows; ++row) {
    for (std::int64_t c = 0; c < width; ++c) sum[c] += term(row, c);
  }
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

// Calls body(block, first row, rows) for the blocks of some rows, and returns their number.
template <class Body>
std::int64_t each_block(std::int64_t rows, std::int64_t width, const Body& body) {
  const std::int64_t size = block_rows(width);
  parallel_for(rows, size, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t at = begin; at < end; at += size) body(at / size, at, std::min(size, end - at));
  });
  return (rows + size - 1) / size;
}
std::int64_t blocks(std::int64_t rows, std::int64_t width) {
  return (rows + block_rows(width) - 1) / block_rows(width);
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

// Vectors of the channels, each `fold` times; see folds.
template <class T, std::size_t n>
class Tiled {
 public:
  Tiled(const std::array<const T*, n>& vectors, std::int64_t channels, std::int64_t fold)
      : vectors_(vectors) {
    if (fold == 1) return;
    values_.resize(static_cast<std::size_t>(channels * fold) * n);
    T* to = values_.data();
    for (const T*& vector : vectors_) {
      const T* from = std::exchange(vector, to);
      for (std::int64_t k = 0; k < fold; ++k) to = std::copy_n(from, channels, to);
    }
  }
  const T* operator[](std::size_t i) const { return vectors_[i]; }

 private:
  std::array<const T*, n> vectors_;
  PoolVector<T> values_;
};

// The sums of g and of g (x - shift) over some rows, blocks added in float64.
template <class T>
void item_sums(std::int64_t positions, std::int64_t channels, const T* g, const T* x, const T* shift,
               double* sum, double* products) {
  const std::int64_t fold = folds(positions, channels), wide = channels * fold, rows = positions / fold;
  PoolVector<T> parts(static_cast<std::size_t>(2 * blocks(rows, wide) * wide), T(0));
  const Tiled<T, 1> by({shift}, channels, fold);
  each_block(rows, wide, [&](std::int64_t block, std::int64_t first, std::int64_t count) {
    T* part = parts.data() + 2 * block * wide;
    const T *own = g + first * wide, *values = x + first * wide, *middle = by[0];
    add_rows(count, wide, part, [=](std::int64_t row, std::int64_t c) { return own[row * wide + c]; });
    add_rows(count, wide, part + wide, [=](std::int64_t row, std::int64_t c) {
      return own[row * wide + c] * (values[row * wide + c] - middle[c]);
    });
  });
  std::fill_n(sum, channels, 0.0);
  std::fill_n(products, channels, 0.0);
  for (std::int64_t block = 0; block < blocks(rows, wide); ++block) {
    const T* part = parts.data() + 2 * block * wide;
    for (std::int64_t at = 0; at < wide; at += channels) {
      for (std::int64_t c = 0; c < channels; ++c) {
        sum[c] += static_cast<double>(part[at + c]);
        products[c] += static_cast<double>(part[wide + at + c]);
      }
    }
  }
}

// One position: each group is a run of values. Adds to the sums of g and of g h, [channels].
template <class T>
void row_back(const Groups& s, bool centered, const Normalized<T>& of, std::int64_t item, const T* g, T* dx,
              T* sum_g, T* sum_gh) {
  for (std::int64_t group = 0; group < s.groups; ++group) {
    const std::int64_t at = item * s.channels() + group * s.width, first = group * s.width, n = s.width;
    const T mean = of.mean[item * s.groups + group];
    const T factor = factor_of(of.variance[item * s.groups + group], of.epsilon);
    const Lanes<T> x(of.x + at, n), own(g + at, n);
    MutableLanes<T> out(dx + at, n), sum(sum_g + first, n), product(sum_gh + first, n);
    const T share = 1 / static_cast<T>(n);
    T plain = 0, mixed = 0;
    if (of.scale == nullptr) {
      plain = centered ? own.sum() : T(0);
      mixed = (own * (x - mean)).sum() * factor;
      out = (own - plain * share - (x - mean) * (factor * mixed * share)) * factor;
      continue;
    }
    const Lanes<T> scale(of.scale + first, n);
    plain = centered ? (own * scale).sum() : T(0);
    mixed = (own * scale * (x - mean)).sum() * factor;
    product += own * (x - mean) * factor;
    sum += own;
    out = (own * scale - plain * share - (x - mean) * (factor * mixed * share)) * factor;
  }
}

template <class T>
void item_back(const Groups& s, bool centered, const Normalized<T>& of, std::int64_t item, const T* g, T* dx,
               double* sum_g, double* sum_gh) {
  const std::int64_t channels = s.channels(), size = s.positions * channels;
  Affine<T> by(channels);
  by.set(s, of, item);
  item_sums(s.positions, channels, g + item * size, of.x + item * size, by.shift, sum_g, sum_gh);
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
    for (std::int64_t row = first; row < first + rows; ++row) {
      const T *x = of.x + item * size + row * wide, *own = g + item * size + row * wide;
      T* out = dx + item * size + row * wide;
      for (std::int64_t c = 0; c < wide; ++c) {
        out[c] = own[c] * factor[c] - less[c] - (x[c] - shift[c]) * times[c];
      }
    }
  });
}

}  // namespace

template <class T>
void channel_affine(std::int64_t rows, std::int64_t channels, const T* x, const T* shift, const T* factor,
                    const T* offset, T* y) {
  const std::int64_t fold = folds(rows, channels), wide = channels * fold;
  const Tiled<T, 3> by({shift, factor, offset}, channels, fold);
  each_block(rows / fold, wide, [&](std::int64_t, std::int64_t first, std::int64_t count) {
    const T *less = by[0], *times = by[1], *more = by[2];
    for (std::int64_t row = first; row < first + count; ++row) {
      const T* from = x + row * wide;
      T* to = y + row * wide;
      for (std::int64_t c = 0; c < wide; ++c) to[c] = (from[c] - less[c]) * times[c] + more[c];
    }
  });
}

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

template <class T>
void channel_sums(std::int64_t rows, std::int64_t channels, const T* g, const T* x, const T* shift, T* sum,
                  T* product_sum) {
  PoolVector<double> total(static_cast<std::size_t>(2 * channels));
  item_sums(rows, channels, g, x, shift, total.data(), total.data() + channels);
  for (std::int64_t c = 0; c < channels; ++c) {
    sum[c] = static_cast<T>(total[static_cast<std::size_t>(c)]);
    product_sum[c] = static_cast<T>(total[static_cast<std::size_t>(channels + c)]);
  }
}

template <class T>
void channel_means(std::int64_t batch, std::int64_t positions, std::int64_t channels, const T* x, T* y) {
  const std::int64_t size = positions * channels, fold = folds(positions, channels), wide = channels * fold;
  parallel_for(batch, items(size), [&](std::int64_t begin, std::int64_t end) {
    PoolVector<T> part(static_cast<std::size_t>(wide));
    PoolVector<double> total(static_cast<std::size_t>(channels));
    for (std::int64_t item = begin; item < end; ++item) {
      std::fill(total.begin(), total.end(), 0.0);
      const std::int64_t rows = positions / fold, step = block_rows(wide);
      for (std::int64_t at = 0; at < rows; at += step) {
        const T* block = x + item * size + at * wide;
        std::fill(part.begin(), part.end(), T(0));
        add_rows(std::min(step, rows - at), wide, part.data(),
                 [=](std::int64_t row, std::int64_t c) { return block[row * wide + c]; });
        for (std::int64_t c = 0; c < wide; ++c) {
          total[static_cast<std::size_t>(c % channels)] +=
              static_cast<double>(part[static_cast<std::size_t>(c)]);
        }
      }
      for (std::int64_t c = 0; c < channels; ++c) {
        y[item * channels + c] =
            static_cast<T>(total[static_cast<std::size_t>(c)] / static_cast<double>(positions));
      }
    }
  });
}

template <class T>
void spread_means(std::int64_t batch, std::int64_t positions, std::int64_t channels, const T* g, T* dx) {
  const std::int64_t size = positions * channels, wide = channels * folds(positions, channels);
  const T share = 1 / static_cast<T>(positions);
  parallel_for(batch, items(size), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t item = begin; item < end; ++item) {
      T* to = dx + item * size;
      for (std::int64_t c = 0; c < wide; ++c) to[c] = share * g[item * channels + c % channels];
      for (std::int64_t at = wide; at < size; at += wide) std::copy_n(to, wide, to + at);
    }
  });
}

#define GRADUS_NORMALIZATION(T)                                                                         \
  template void group_moments(const Groups&, bool, const T*, T*, T*);                                   \
  template void normalize(const Groups&, const Normalized<T>&, T*);                                     \
  template void normalize_back(const Groups&, bool, const Normalized<T>&, const T*, T*, T*, T*);        \
  template void channel_means(std::int64_t, std::int64_t, std::int64_t, const T*, T*);                  \
  template void spread_means(std::int64_t, std::int64_t, std::int64_t, const T*, T*);                   \
  template void channel_affine(std::int64_t, std::int64_t, const T*, const T*, const T*, const T*, T*); \
  template void channel_sums(std::int64_t, std::int64_t, const T*, const T*, const T*, T*, T*);
GRADUS_NORMALIZATION(float)
GRADUS_NORMALIZATION(double)
#undef GRADUS_NORMALIZATION

}  // namespace gradus::kernels
