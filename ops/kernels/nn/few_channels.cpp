#include <gradus/graph/parallel.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/elementwise/vector_loops.h>
#include <gradus/ops/kernels/nn/few_channels.h>

#include <algorithm>
#include <array>
#include <cassert>
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
      const std::int64_t reach = (window.out - 1) * window.stride + window.reach();
      if (window.before == 0 && reach <= window.in) continue;
      window.in = reach;
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
template <class Body>
void each_block(std::int64_t channels, const Body& body) {
  std::int64_t first = 0;
  for (; first + 2 * V::kWidth <= channels; first += 2 * V::kWidth) body.template operator()<2>(first);
  if (first < channels) body.template operator()<1>(first);
}

// kPositions results for `vectors` of output channels, of which the first `count` are stored.
template <int vectors>
void positions(const std::array<const float*, kPositions>& windows, std::span<const std::int64_t> offsets,
               const float* kernel, const float* bias, std::int64_t channels, std::int64_t count,
               float* out) {
  V sums[kPositions][vectors];
#pragma GCC unroll 8
  for (int i = 0; i < kPositions; ++i) {
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v) sums[i][v] = bias == nullptr ? V(0) : V::load(bias + v * V::kWidth);
  }
  for (const std::int64_t offset : offsets) {
    V weights[vectors];
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v) weights[v] = V::load(kernel + v * V::kWidth);
    kernel += channels;
#pragma GCC unroll 8
    for (int i = 0; i < kPositions; ++i) {
      const V x = windows[static_cast<std::size_t>(i)][offset];
#pragma GCC unroll 2
      for (int v = 0; v < vectors; ++v) sums[i][v] = multiply_add(x, weights[v], sums[i][v]);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < kPositions; ++i) {
    if (i >= count) return;
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v) sums[i][v].store(out + i * channels + v * V::kWidth);
  }
}

void output_of(const Images& images, const float* image, const float* kernel, const float* bias,
               std::int64_t channels, float* out) {
  const auto starts = images.starts();
  for (std::size_t at = 0; at < starts.size(); at += kPositions) {
    std::array<const float*, kPositions> windows;
    for (std::size_t i = 0; i < windows.size(); ++i) {
      windows[i] = image + starts[std::min(at + i, starts.size() - 1)];
    }
    each_block(channels, [&]<int vectors>(std::int64_t first) {
      positions<vectors>(windows, images.offsets(), kernel + first, bias == nullptr ? nullptr : bias + first,
                         channels, static_cast<std::int64_t>(starts.size() - at),
                         out + static_cast<std::int64_t>(at) * channels + first);
    });
  }
}

// Adds to the rows of the kernel's gradient what an image gives; `offsets` are the rows', the last one
// repeated.
template <int vectors>
void rows(const float* image, std::span<const std::int64_t> starts,
          const std::array<std::int64_t, kRows>& offsets, std::size_t count, const float* gradient,
          std::int64_t channels, float* out) {
  V sums[kRows][vectors];
#pragma GCC unroll 9
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v) sums[i][v] = 0;
  }
  for (const std::int64_t start : starts) {
    V given[vectors];
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v) given[v] = V::load(gradient + v * V::kWidth);
    gradient += channels;
    const float* window = image + start;
#pragma GCC unroll 9
    for (int i = 0; i < kRows; ++i) {
      const V x = window[offsets[static_cast<std::size_t>(i)]];
#pragma GCC unroll 2
      for (int v = 0; v < vectors; ++v) sums[i][v] = multiply_add(x, given[v], sums[i][v]);
    }
  }
#pragma GCC unroll 9
  for (int i = 0; i < kRows; ++i) {
    if (static_cast<std::size_t>(i) >= count) return;
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v) {
      float* to = out + i * channels + v * V::kWidth;
      (V::load(to) + sums[i][v]).store(to);
    }
  }
}

void add_kernel_gradient(const Images& images, const float* image, const float* gradient,
                         std::int64_t channels, float* out) {
  const auto given = images.offsets();
  assert(given.size() <= kRows);
  std::array<std::int64_t, kRows> offsets;
  offsets.fill(given.back());
  std::ranges::copy(given, offsets.begin());
  each_block(channels, [&]<int vectors>(std::int64_t first) {
    rows<vectors>(image, images.starts(), offsets, given.size(), gradient + first, channels, out + first);
  });
}

}  // namespace

bool convolve_few_channels(ConvolutionPart part, const Convolution& c, const float* a, const float* b,
                           float* out, const float* bias) {
  const std::int64_t values = c.windows.taps() * c.in_channels, channels = c.out_channels;
  const std::int64_t most = part == ConvolutionPart::output   ? kMostValues
                            : part == ConvolutionPart::kernel ? kRows
                                                              : 0;
  if (c.groups != 1 || values > most || channels % V::kWidth != 0) return false;
  const Images images(c);
  const std::int64_t image_work = c.windows.positions() * values * channels;
  const std::int64_t least = (kPieceWork - 1) / image_work + 1, step = c.windows.positions() * channels;
  if (part == ConvolutionPart::output) {
    parallel_for(c.batch, least, [&](std::int64_t begin, std::int64_t end) {
      PoolVector<float> room;
      for (; begin < end; ++begin) {
        output_of(images, images.image(a, begin, room), b, bias, channels, out + begin * step);
      }
    });
    return true;
  }
  const std::int64_t grain = std::max(least, (c.batch - 1) / kMostSums + 1), size = values * channels;
  PoolVector<float> sums(static_cast<std::size_t>((c.batch - 1) / grain * size));
  const auto sum_of = [&](std::int64_t piece) { return piece == 0 ? out : sums.data() + (piece - 1) * size; };
  parallel_for(c.batch, grain, [&](std::int64_t begin, std::int64_t end) {
    PoolVector<float> room;
    float* sum = sum_of(begin / grain);
    std::fill_n(sum, size, 0.0F);
    for (; begin < end; ++begin) {
      add_kernel_gradient(images, images.image(a, begin, room), b + begin * step, channels, sum);
    }
  });
  for (std::int64_t piece = 1; piece <= (c.batch - 1) / grain; ++piece) {
    for (std::int64_t i = 0; i < size; ++i) out[i] += sum_of(piece)[i];
  }
  return true;
}

}  // namespace gradus::kernels
