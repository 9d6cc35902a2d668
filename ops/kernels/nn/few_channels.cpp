#include <gradus/graph/parallel.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/elementwise/vector_functions.h>
#include <gradus/ops/kernels/nn/few_channels.h>

#include <algorithm>
#include <array>
#include <span>

// Note [Convolution of few channels]
// A window over few channels has few values. They are read one by one from where they lie, broadcast, and
// multiplied with vectors of output channels; the results of some positions, or the gradients of some rows of
// the kernel, stay in registers meanwhile. Beside an image its zeros are written down first. oneDNN's kernels
// are made for whole vectors of input channels.

namespace gradus::kernels {

namespace {

using V = Vector<float>;

// Values of a window up to which this is the faster way to the output. Beside oneDNN's, 64 images of 28x28x1
// by 3x3 to 32 channels take 0.57 of the time, 16 of 32x32x3 0.87, 16 of 32x32x8 0.94 to 1.35; the kernel's
// gradient 0.68, 1.06 and 1.02: one that takes a second pass over the output's gradient does not pay.
constexpr std::int64_t kMostValues = 32;
// What stays in registers, with two vectors for each: positions, or all rows of the kernel.
#ifdef __AVX512F__
constexpr int kPositions = 8, kRows = 9;
#else
constexpr int kPositions = 4, kRows = 4;
#endif
constexpr std::int64_t kPieceWork = std::int64_t{1} << 21;  // multiplications, of whole images
constexpr std::int64_t kMostSums = 8;                       // gradients of the kernel, of a piece each

// Images whose windows all lie within them.
class Images {
 public:
  explicit Images(const Convolution& c) : windows_(c.windows), channels_(c.in_channels), given_(c.windows) {
    for (Window& window : windows_.axis) {
      if (window.on_image()) continue;
      window.in = window.extent();
      window.before = 0;
      padded_ = true;
    }
    starts_.reserve(static_cast<std::size_t>(windows_.positions()));
    windows_.each_start(
        [&](std::int64_t /*position*/, std::int64_t start) { starts_.push_back(start * channels_); });
    for (std::int64_t tap = 0; tap < windows_.taps(); ++tap) {
      for (std::int64_t i = 0; i < channels_; ++i) offsets_.push_back(windows_.offset(tap) * channels_ + i);
    }
  }

  // Where in an image the window of each position begins, and where its values lie from there.
  std::span<const std::int64_t> starts() const { return starts_; }
  std::span<const std::int64_t> offsets() const { return offsets_; }
  // The image, in `room` where it has zeros around it.
  const float* image(const float* images, std::int64_t index, PoolVector<float>& room) const {
    const float* from = images + index * given_.pixels() * channels_;
    if (!padded_) return from;
    room.assign(static_cast<std::size_t>(windows_.pixels() * channels_), 0.0F);
    const Window &a = given_.axis[0], &b = given_.axis[1], &c = given_.axis[2];
    const auto &to_a = windows_.axis[0], &to_b = windows_.axis[1], &to_c = windows_.axis[2];
    const auto common = [](const Window& own, const Window& wide) {
      return std::min(own.in, wide.in - own.before);
    };
    for (std::int64_t i = 0; i < common(a, to_a); ++i) {
      for (std::int64_t j = 0; j < common(b, to_b); ++j) {
        const std::int64_t row = ((i + a.before) * to_b.in + j + b.before) * to_c.in + c.before;
        std::copy_n(from + (i * b.in + j) * c.in * channels_, common(c, to_c) * channels_,
                    room.data() + row * channels_);
      }
    }
    return room.data();
  }

 private:
  Windows windows_;
  std::int64_t channels_;
  const Windows& given_;
  bool padded_ = false;
  PoolVector<std::int64_t> starts_, offsets_;
};

// Calls body.template operator()<vectors>(first) for an image's output channels, two vectors at a time.
// REQUIRES that they are whole vectors.
template <class Body>
void each_block(std::int64_t channels, const Body& body) {
  std::int64_t first = 0;
  for (; first + 2 * V::kWidth <= channels; first += 2 * V::kWidth) body.template operator()<2>(first);
  if (first < channels) body.template operator()<1>(first);
}

// The kernel's columns for some of the output channels, and what becomes of their sums.
struct Columns {
  const float *kernel, *bias;  // null: no bias
  bool relu;
  std::int64_t step;  // all output channels

  Columns from(std::int64_t first) const {
    return {kernel + first, bias == nullptr ? nullptr : bias + first, relu, step};
  }
};

// kPositions results for `vectors` of output channels, of which the first `count` are stored.
template <int vectors>
void positions(const std::array<const float*, kPositions>& windows, std::span<const std::int64_t> offsets,
               Columns columns, std::size_t count, float* out) {
  V sums[kPositions][vectors];
#pragma GCC unroll 8
  for (int i = 0; i < kPositions; ++i) {
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v) {
      sums[i][v] = columns.bias == nullptr ? V(0) : V::load(columns.bias + v * V::kWidth);
    }
  }
  for (const std::int64_t offset : offsets) {
    V weights[vectors];
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v) weights[v] = V::load(columns.kernel + v * V::kWidth);
    columns.kernel += columns.step;
#pragma GCC unroll 8
    for (int i = 0; i < kPositions; ++i) {
      const V x = windows[static_cast<std::size_t>(i)][offset];
#pragma GCC unroll 2
      for (int v = 0; v < vectors; ++v) sums[i][v] = multiply_add(x, weights[v], sums[i][v]);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < kPositions; ++i) {
    if (static_cast<std::size_t>(i) >= count) return;
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v) {
      const V sum = columns.relu ? relu(sums[i][v]) : sums[i][v];
      sum.store(out + i * columns.step + v * V::kWidth);
    }
  }
}

void output_of(const Images& images, const float* image, const Columns& all, float* out) {
  const auto starts = images.starts();
  for (std::size_t at = 0; at < starts.size(); at += kPositions) {
    std::array<const float*, kPositions> windows;
    for (std::size_t i = 0; i < windows.size(); ++i) {
      windows[i] = image + starts[std::min(at + i, starts.size() - 1)];
    }
    each_block(all.step, [&]<int vectors>(std::int64_t first) {
      positions<vectors>(windows, images.offsets(), all.from(first), starts.size() - at,
                         out + static_cast<std::int64_t>(at) * all.step + first);
    });
  }
}

// The gradient of an image's output, and the output where relu was taken of it.
struct OutputGradient {
  const float *g, *relu;  // null: no relu

  template <int vectors>
  [[gnu::always_inline]] void load(std::int64_t at, V (&to)[vectors]) const {
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v) {
      to[v] = V::load(g + at + v * V::kWidth);
      if (relu != nullptr) to[v] = where(V::load(relu + at + v * V::kWidth) > 0, to[v], 0);
    }
  }
};

// Adds to the gradients of the kernel's rows, and of the bias behind them, what some positions of an image
// give: few enough that float32 sums lose no digits. `offsets` are the rows', the last one repeated.
template <int vectors>
void add_row_gradients(const float* image, std::span<const std::int64_t> starts,
                       const std::array<std::int64_t, kRows>& offsets, std::int64_t count,
                       const OutputGradient& gradient, std::int64_t at, std::int64_t channels, double* sums) {
  V sum[kRows + 1][vectors];
#pragma GCC unroll 10
  for (int i = 0; i <= kRows; ++i) {
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v) sum[i][v] = 0;
  }
  for (const std::int64_t start : starts) {
    V given[vectors];
    gradient.load(at, given);
    at += channels;
    const float* window = image + start;
#pragma GCC unroll 9
    for (int i = 0; i < kRows; ++i) {
      const V x = window[offsets[static_cast<std::size_t>(i)]];
#pragma GCC unroll 2
      for (int v = 0; v < vectors; ++v) sum[i][v] = multiply_add(x, given[v], sum[i][v]);
    }
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v) sum[kRows][v] = sum[kRows][v] + given[v];
  }
  const auto add = [&](const V(&row)[vectors], double* to) __attribute__((always_inline)) {
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v, to += V::kWidth) {
      const Halves halves = widened(row[v]);
      (Vector<double>::load(to) + halves.low).store(to);
      (Vector<double>::load(to + V::kWidth / 2) + halves.high).store(to + V::kWidth / 2);
    }
  };
#pragma GCC unroll 9
  for (int i = 0; i < kRows; ++i) {
    if (i < count) add(sum[i], sums + i * channels);
  }
  add(sum[kRows], sums + count * channels);
}

// How many images are worth a thread.
std::int64_t piece_of(const Convolution& c) {
  return (kPieceWork - 1) / (c.windows.positions() * c.kernel().elements()) + 1;
}

}  // namespace

bool suits_few_channels(ConvolutionPart part, const Convolution& c) {
  const std::int64_t values = c.windows.taps() * c.in_channels;
  const std::int64_t most = part == ConvolutionPart::output   ? kMostValues
                            : part == ConvolutionPart::kernel ? kRows
                                                              : 0;
  // Zeros are written down around an image: no more than the image is worth.
  const bool near = std::ranges::all_of(
      c.windows.axis, [](const Window& window) { return window.extent() <= 2 * window.in + kMostValues; });
  return c.groups == 1 && values <= most && c.out_channels % V::kWidth == 0 && near;
}

void convolve_few_channels(const Convolution& c, const float* x, const float* kernel, float* out,
                           const ConvolutionEnd& end) {
  const Images images(c);
  const Columns all = {kernel, static_cast<const float*>(end.bias), end.relu, c.out_channels};
  parallel_for(c.batch, piece_of(c), [&](std::int64_t i, std::int64_t past) {
    PoolVector<float> room;
    for (; i < past; ++i) {
      output_of(images, images.image(x, i, room), all, out + i * c.windows.positions() * c.out_channels);
    }
  });
}

void few_channels_gradients(const Convolution& c, const float* x, const float* g, const float* relu,
                            float* d_kernel, float* d_bias) {
  constexpr std::size_t kStretch = 256;  // positions of a float32 sum
  const Images images(c);
  const auto given = images.offsets();
  std::array<std::int64_t, kRows> offsets;
  offsets.fill(given.back());
  std::ranges::copy(given, offsets.begin());
  const auto count = static_cast<std::int64_t>(given.size());
  const std::int64_t channels = c.out_channels, step = c.windows.positions() * channels;
  const std::int64_t grain = std::max(piece_of(c), (c.batch - 1) / kMostSums + 1);
  const std::int64_t pieces = (c.batch - 1) / grain + 1, size = (count + 1) * channels;
  PoolVector<double> sums(static_cast<std::size_t>(pieces * size), 0.0);
  parallel_for(c.batch, grain, [&](std::int64_t i, std::int64_t past) {
    PoolVector<float> room;
    double* own = sums.data() + i / grain * size;
    for (; i < past; ++i) {
      const float* image = images.image(x, i, room);
      const OutputGradient gradient = {g + i * step, relu == nullptr ? nullptr : relu + i * step};
      for (std::size_t at = 0; at < images.starts().size(); at += kStretch) {
        const auto starts = images.starts().subspan(at, std::min(kStretch, images.starts().size() - at));
        each_block(channels, [&]<int vectors>(std::int64_t first) {
          add_row_gradients<vectors>(image, starts, offsets, count, gradient,
                                     static_cast<std::int64_t>(at) * channels + first, channels, own + first);
        });
      }
    }
  });
  const auto total = [&](std::int64_t i) {
    double sum = 0;
    for (std::int64_t piece = 0; piece < pieces; ++piece) sum += sums.data()[piece * size + i];
    return static_cast<float>(sum);
  };
  for (std::int64_t i = 0; i < count * channels; ++i) d_kernel[i] = total(i);
  for (std::int64_t i = 0; d_bias != nullptr && i < channels; ++i) d_bias[i] = total(count * channels + i);
}

}  // namespace gradus::kernels
