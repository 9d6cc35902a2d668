#include <gradus/ops/kernels/elementwise/vector_loops.h>
#include <gradus/ops/kernels/nn/channel_rows.h>

namespace gradus::kernels {

namespace {

// Adds the sums over `rows` of g and of g (x - shift), four rows at a time.
template <class T>
void add_products(std::int64_t rows, std::int64_t width, const T* g, const T* x, const T* shift, T* sum,
                  T* products) {
  using V = Vector<T>;
  const auto add = [&]<int count>(std::int64_t row) {
    const T *own = g + row * width, *values = x + row * width;
    std::int64_t c = 0;
    for (; c + V::kWidth <= width; c += V::kWidth) {
      const V middle = V::load(shift + c);
      V plain = 0, mixed = 0;
#pragma GCC unroll 4
      for (int k = 0; k < count; ++k) {
        const V gv = V::load(own + k * width + c);
        plain = plain + gv;
        mixed = multiply_add(gv, V::load(values + k * width + c) - middle, mixed);
      }
      (V::load(sum + c) + plain).store(sum + c);
      (V::load(products + c) + mixed).store(products + c);
    }
    for (; c < width; ++c) {
      for (int k = 0; k < count; ++k) {
        sum[c] += own[k * width + c];
        products[c] += own[k * width + c] * (values[k * width + c] - shift[c]);
      }
    }
  };
  std::int64_t row = 0;
  for (; row + 4 <= rows; row += 4) add.template operator()<4>(row);
  for (; row < rows; ++row) add.template operator()<1>(row);
}

}  // namespace

template <class T>
void channel_affine(std::int64_t rows, std::int64_t channels, const T* x, const T* shift, const T* factor,
                    const T* offset, T* y) {
  const std::int64_t fold = folds(rows, channels), wide = channels * fold;
  const Tiled<T, 3> by({shift, factor, offset}, channels, fold);
  each_block(rows / fold, wide, [&](std::int64_t, std::int64_t first, std::int64_t count) {
    const T *less = by[0], *times = by[1], *more = by[2];
    using V = Vector<T>;
    for (std::int64_t row = first; row < first + count; ++row) {
      each_vector(
          wide, y + row * wide, [](V v, V l, V t, V m) { return multiply_add(v - l, t, m); }, x + row * wide,
          less, times, more);
    }
  });
}

template <class T>
void channel_sums(std::int64_t positions, std::int64_t channels, const T* g, const T* x, const T* shift,
                  double* sum, double* products) {
  const std::int64_t fold = folds(positions, channels), wide = channels * fold, rows = positions / fold;
  PoolVector<T> parts(static_cast<std::size_t>(2 * blocks(rows, wide) * wide), T(0));
  const Tiled<T, 1> by({shift}, channels, fold);
  each_block(rows, wide, [&](std::int64_t block, std::int64_t first, std::int64_t count) {
    T* part = parts.data() + 2 * block * wide;
    add_products(count, wide, g + first * wide, x + first * wide, by[0], part, part + wide);
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
        for (std::int64_t c = 0; c < wide; c += channels) {
          const T* sums = part.data() + c;
          for (std::int64_t k = 0; k < channels; ++k)
            total[static_cast<std::size_t>(k)] += static_cast<double>(sums[k]);
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
      for (std::int64_t c = 0; c < channels; ++c) to[c] = share * g[item * channels + c];
      for (std::int64_t at = channels; at < wide; at += channels) std::copy_n(to, channels, to + at);
      for (std::int64_t at = wide; at < size; at += wide) std::copy_n(to, wide, to + at);
    }
  });
}

#define GRADUS_CHANNEL_ROWS(T)                                                                            \
  template void channel_affine(std::int64_t, std::int64_t, const T*, const T*, const T*, const T*, T*);   \
  template void channel_sums(std::int64_t, std::int64_t, const T*, const T*, const T*, double*, double*); \
  template void channel_means(std::int64_t, std::int64_t, std::int64_t, const T*, T*);                    \
  template void spread_means(std::int64_t, std::int64_t, std::int64_t, const T*, T*);
GRADUS_CHANNEL_ROWS(float)
GRADUS_CHANNEL_ROWS(double)
#undef GRADUS_CHANNEL_ROWS

}  // namespace gradus::kernels
