#include <gradus/graph/parallel.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/elementwise/chunks.h>
#include <gradus/ops/kernels/linalg/product.h>
#include <gradus/ops/kernels/nn/convolution.h>
#include <gradus/ops/kernels/nn/few_channels.h>

#ifdef GRADUS_ONEDNN
#include <gradus/ops/kernels/nn/onednn_convolution.h>
#endif

#include <algorithm>
#include <cassert>

namespace gradus::kernels {

namespace {

// Rows of patches are made and multiplied in tiles of about this many values, which stay in the cache.
constexpr std::int64_t kTile = std::int64_t{1} << 16;

// Some channels of images, and the windows over them.
template <class T>
struct Channels {
  const Windows& windows;
  std::int64_t all = 0, first = 0, count = 0;

  std::int64_t row() const { return windows.taps() * count; }
  // The patches of positions `begin` … `end`, counted through all images of the batch.
  void gather(const T* images, std::int64_t begin, std::int64_t end, T* rows) const {
    const std::int64_t positions = windows.positions(), step = windows.axis[2].dilation * all;
    for (std::int64_t at = begin; at < end; ++at, rows += row()) {
      const T* image = images + at / positions * windows.pixels() * all + first;
      std::fill_n(rows, row(), T(0));
      windows.each_run(at % positions, [&](std::int64_t tap, std::int64_t pixel, std::int64_t taps) {
        const T* from = image + pixel * all;
        T* to = rows + tap * count;
        if (step == count) {
          std::copy_n(from, taps * count, to);
        } else {
          for (; taps > 0; --taps, from += step, to += count) std::copy_n(from, count, to);
        }
      });
    }
  }
  void add(T* images, std::int64_t begin, std::int64_t end, const T* rows) const {
    const std::int64_t positions = windows.positions();
    for (std::int64_t at = begin; at < end; ++at, rows += row()) {
      T* image = images + at / positions * windows.pixels() * all + first;
      windows.each_tap(at % positions, [&](std::int64_t tap, std::int64_t pixel) {
        T* to = image + pixel * all;
        const T* from = rows + tap * count;
        for (std::int64_t c = 0; c < count; ++c) to[c] += from[c];
      });
    }
  }
};

// Copies a block of `rows` rows of `width` values between matrices of other widths.
template <class T>
void copy_block(std::int64_t rows, std::int64_t width, const T* from, std::int64_t from_width, T* to,
                std::int64_t to_width) {
  for (std::int64_t i = 0; i < rows; ++i) std::copy_n(from + i * from_width, width, to + i * to_width);
}

// Every channel has kernels of its own: a product of one column each would be all overhead.
template <class T>
void convolve_depthwise(ConvolutionPart part, const Convolution& c, const T* a, const T* b, T* out) {
  const std::int64_t positions = c.windows.positions(), pixels = c.windows.pixels();
  const std::int64_t multiplier = c.out_channels / c.in_channels;
  const auto each = [&](const auto& body) {
    for (std::int64_t at = 0; at < c.batch * positions; ++at) {
      c.windows.each_tap(at % positions, [&](std::int64_t tap, std::int64_t pixel) {
        const std::int64_t x = (at / positions * pixels + pixel) * c.in_channels;
        const std::int64_t w = tap * c.out_channels, y = at * c.out_channels;
        if (multiplier == 1) {
          for (std::int64_t i = 0; i < c.in_channels; ++i) body(x + i, w + i, y + i);
          return;
        }
        for (std::int64_t i = 0; i < c.out_channels; ++i) body(x + i / multiplier, w + i, y + i);
      });
    }
  };
  switch (part) {
    case ConvolutionPart::output:
      return each([=](std::int64_t x, std::int64_t w, std::int64_t y) { out[y] += a[x] * b[w]; });
    case ConvolutionPart::input:
      return each([=](std::int64_t x, std::int64_t w, std::int64_t y) { out[x] += a[y] * b[w]; });
    case ConvolutionPart::kernel:
      return each([=](std::int64_t x, std::int64_t w, std::int64_t y) { out[w] += a[x] * b[y]; });
  }
}

// One group of channels: a matrix product over rows of patches, [rows, taps in] x [taps in, out].
template <class T>
void convolve_group(ConvolutionPart part, const Convolution& c, std::int64_t group, const T* a, const T* b,
                    T* out) {
  const DType dtype = dtype_of<T>();
  const std::int64_t in = c.in_channels / c.groups, width = c.out_channels / c.groups;
  const std::int64_t in_first = group * in, out_first = group * width;
  const Channels<T> channels = {c.windows, c.in_channels, in_first, in};
  const std::int64_t row = channels.row(), rows = c.batch * c.windows.positions();
  const bool whole = c.groups == 1;
  // A 1x1 kernel takes the pixels as they are: they are the patches.
  const bool direct = whole && c.windows.taps() == 1 && c.windows.positions() == c.windows.pixels();
  const std::int64_t tile = direct ? rows : std::max<std::int64_t>(1, kTile / std::max<std::int64_t>(row, 1));

  PoolVector<T> patch_rows(static_cast<std::size_t>(direct ? 0 : std::min(tile, rows) * row));
  PoolVector<T> block(static_cast<std::size_t>(whole ? 0 : std::min(tile, rows) * width));
  PoolVector<T> kernel(static_cast<std::size_t>(whole ? 0 : row * width));
  if (!whole && part != ConvolutionPart::kernel) {
    copy_block(row, width, b + out_first, c.out_channels, kernel.data(), width);
  }
  const T* weights = whole ? b : kernel.data();
  for (std::int64_t begin = 0; begin < rows; begin += tile) {
    const std::int64_t end = std::min(begin + tile, rows), count = end - begin;
    const auto patches_of = [&](const T* images) {
      if (direct) return images;
      channels.gather(images, begin, end, patch_rows.data());
      return static_cast<const T*>(patch_rows.data());
    };
    // The group's part of the output's rows, or of its gradient's.
    const auto part_of = [&](const T* gradient) {
      if (whole) return gradient + begin * width;
      copy_block(count, width, gradient + begin * c.out_channels + out_first, c.out_channels, block.data(),
                 width);
      return static_cast<const T*>(block.data());
    };
    if (part == ConvolutionPart::output) {
      T* to = whole ? out + begin * width : block.data();
      product(dtype, {patches_of(a)}, {weights}, to, count, row, width);
      if (!whole)
        copy_block(count, width, to, width, out + begin * c.out_channels + out_first, c.out_channels);
    } else if (part == ConvolutionPart::input) {
      T* to = direct ? out : patch_rows.data();
      product(dtype, {part_of(a)}, {weights, true}, to, count, width, row);
      if (!direct) channels.add(out, begin, end, to);
    } else {
      product(dtype, {patches_of(a), true}, {part_of(b)}, whole ? out : kernel.data(), row, count, width,
              Sum::into);
    }
  }
  if (!whole && part == ConvolutionPart::kernel) {
    copy_block(row, width, kernel.data(), width, out + out_first, c.out_channels);
  }
}

// REQUIRES zeros in `out`.
template <class T>
void convolve_by_groups(ConvolutionPart part, const Convolution& c, const T* a, const T* b, T* out) {
  if (c.groups > 1 && c.groups == c.in_channels) return convolve_depthwise(part, c, a, b, out);
  for (std::int64_t group = 0; group < c.groups; ++group) convolve_group(part, c, group, a, b, out);
}

Shape image(const Windows& windows, std::int64_t batch, std::int64_t channels, std::int64_t Window::*extent) {
  Dims dims(windows.rank + 2, batch);
  for (std::size_t i = 0; i < windows.rank; ++i) dims[i + 1] = windows.used()[i].*extent;
  dims[windows.rank + 1] = channels;
  return Shape(std::move(dims));
}

}  // namespace

Shape Convolution::input() const { return image(windows, batch, in_channels, &Window::in); }
Shape Convolution::output() const { return image(windows, batch, out_channels, &Window::out); }
Shape Convolution::kernel() const {
  Dims dims(windows.rank + 2, out_channels);
  for (std::size_t i = 0; i < windows.rank; ++i) dims[i] = windows.used()[i].size;
  dims[windows.rank] = in_channels / groups;
  return Shape(std::move(dims));
}

void convolve(DType dtype, ConvolutionPart part, const Convolution& c, const void* a, const void* b,
              void* out, const ConvolutionEnd& end) {
  assert((end.bias == nullptr && !end.relu) || part == ConvolutionPart::output);
  const Shape result = part == ConvolutionPart::output  ? c.output()
                       : part == ConvolutionPart::input ? c.input()
                                                        : c.kernel();
  dispatch_floating(dtype, [&]<class T>() {
    const auto *left = static_cast<const T*>(a), *right = static_cast<const T*>(b);
    T* values = static_cast<T*>(out);
    // Without values on any of the three sides there is nothing to add up.
    const bool empty = c.output().elements() == 0 || c.input().elements() == 0;
    if constexpr (std::is_same_v<T, float>) {
      if (!empty && suits_few_channels(part, c)) {
        return part == ConvolutionPart::output
                   ? convolve_few_channels(c, left, right, values, end)
                   : few_channels_gradients(c, left, right, nullptr, values, nullptr);
      }
#ifdef GRADUS_ONEDNN
      if (!empty && convolve_by_onednn(part, c, left, right, values, end)) return;
#endif
    }
    std::fill_n(values, result.elements(), T(0));
    if (!empty) convolve_by_groups(part, c, left, right, values);
    if (end.bias == nullptr && !end.relu) return;
    const std::int64_t channels = c.out_channels;
    const std::int64_t grain = std::max<std::int64_t>(1, kElementGrain / std::max<std::int64_t>(1, channels));
    parallel_for(c.batch * c.windows.positions(), grain, [&](std::int64_t begin, std::int64_t past) {
      end_positions(end, channels, past - begin, values + begin * channels);
    });
  });
}

void patches(DType dtype, const Windows& windows, std::int64_t batch, std::int64_t channels, const void* x,
             void* out) {
  dispatch_floating(dtype, [&]<class T>() {
    const Channels<T> all = {windows, channels, 0, channels};
    all.gather(static_cast<const T*>(x), 0, batch * windows.positions(), static_cast<T*>(out));
  });
}

void add_patches(DType dtype, const Windows& windows, std::int64_t batch, std::int64_t channels,
                 const void* rows, void* out) {
  dispatch_floating(dtype, [&]<class T>() {
    const Channels<T> all = {windows, channels, 0, channels};
    std::fill_n(static_cast<T*>(out), batch * windows.pixels() * channels, T(0));
    all.add(static_cast<T*>(out), 0, batch * windows.positions(), static_cast<const T*>(rows));
  });
}

}  // namespace gradus::kernels
