#pragma once

#include <gradus/graph/call.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/ops/nn.h>

#include <array>
#include <cstdint>
#include <span>

namespace gradus::kernels {

// Where windows lie along one axis: the window at position o covers o * stride - before + k * dilation for k
// in [0, size), as far as that is in [0, in).
struct Window {
  std::int64_t in = 1, out = 1, size = 1, stride = 1, dilation = 1, before = 0;

  std::int64_t reach() const { return (size - 1) * dilation + 1; }
  // From the first window's start to the last one's end; and whether all windows lie on the image.
  std::int64_t extent() const { return (out - 1) * stride + reach(); }
  bool on_image() const { return before == 0 && extent() <= in; }
  // The taps of a window that lie on the image: `count` from `first` on, the first at `pixel`.
  struct Inside {
    std::int64_t first = 0, count = 0, pixel = 0;
  };
  Inside inside(std::int64_t position) const {
    const std::int64_t start = position * stride - before;
    if (start >= 0 && start + reach() <= in) return {0, size, start};
    const std::int64_t first = start < 0 ? (-start + dilation - 1) / dilation : 0;
    const std::int64_t fitting = in <= start ? 0 : (in - start + dilation - 1) / dilation;
    const std::int64_t count = (fitting < size ? fitting : size) - first;
    return {first, count < 0 ? 0 : count, start + first * dilation};
  }
  friend bool operator==(const Window&, const Window&) = default;
};

// Windows over up to three spatial axes, the innermost last; what is not used stays 1.
struct Windows {
  static constexpr std::size_t kAxes = 3;
  std::array<Window, kAxes> axis = {};
  std::size_t rank = kAxes;  // how many axes are used: the last ones

  std::span<const Window> used() const { return std::span(axis).last(rank); }
  std::int64_t pixels() const { return axis[0].in * axis[1].in * axis[2].in; }
  std::int64_t positions() const { return axis[0].out * axis[1].out * axis[2].out; }
  std::int64_t taps() const { return axis[0].size * axis[1].size * axis[2].size; }

  // Calls run(tap, pixel, count) for each stretch of taps of the window at `position` that lies on the image:
  // `count` taps from `tap` on, the first at `pixel`, each next one a dilation of the last axis further.
  template <class Run>
  void each_run(std::int64_t position, const Run& run) const;
  // The pixel under tap k of the window at a position is start(position) + offset(k), where it is on the
  // image.
  // Calls body(position, start) for every position of an image, in order.
  template <class Body>
  void each_start(const Body& body) const;
  std::int64_t offset(std::int64_t tap) const {
    const Window &a = axis[0], &b = axis[1], &c = axis[2];
    return (tap / c.size / b.size * a.dilation * b.in + tap / c.size % b.size * b.dilation) * c.in +
           tap % c.size * c.dilation;
  }
  // A tap of a window and the pixel under it.
  struct Tap {
    std::int64_t tap = 0, pixel = 0;
  };
  // Calls body(position, taps on the image) for every position of an image, in order.
  template <class Body>
  void each_window(const Body& body) const;
  friend bool operator==(const Windows&, const Windows&) = default;
  // Calls body(tap, pixel) for each tap that lies on the image.
  template <class Body>
  void each_tap(std::int64_t position, const Body& body) const {
    each_run(position, [&](std::int64_t tap, std::int64_t pixel, std::int64_t count) {
      for (std::int64_t i = 0; i < count; ++i) body(tap + i, pixel + i * axis[2].dilation);
    });
  }
};

struct WindowOptions {
  Axes strides = 1;
  Padding padding = {};
  Axes dilation_rate = 1;
};

// `given`, one number for all axes or one for each, all in [1, 2^31); ValueError naming `what` otherwise.
Dims per_axis(const Call& call, std::string_view what, const Dims& given, std::size_t axes);
// Windows of extents `size` over an image of extents `in`. ShapeError where a window does not fit a "valid"
// image: "the kernel [5, 5] is larger than the image [3, 3]", where `what` says kernel.
Windows windows_over(const Call& call, std::string_view what, std::span<const std::int64_t> in,
                     std::span<const std::int64_t> size, const WindowOptions& options);
// ValueError for strides and dilation rates both over 1.
void refuse_strides_with_dilation(const Call& call, const WindowOptions& options);
// x's spatial extents: all axes but the first and the last. ShapeError unless there are `axes` of them.
std::span<const std::int64_t> spatial_extents(const Call& call, std::size_t axes);
// "[3, 1]", or "3" where it is one number.
std::string window_text(const Dims& given);

template <class Run>
void Windows::each_run(std::int64_t position, const Run& run) const {
  const Window &a = axis[0], &b = axis[1], &c = axis[2];
  const Window::Inside i0 = a.inside(position / c.out / b.out), i1 = b.inside(position / c.out % b.out),
                       i2 = c.inside(position % c.out);
  if (i2.count == 0) return;
  for (std::int64_t k0 = 0; k0 < i0.count; ++k0) {
    for (std::int64_t k1 = 0; k1 < i1.count; ++k1) {
      const std::int64_t tap = ((i0.first + k0) * b.size + i1.first + k1) * c.size + i2.first;
      const std::int64_t row = (i0.pixel + k0 * a.dilation) * b.in + i1.pixel + k1 * b.dilation;
      run(tap, row * c.in + i2.pixel, i2.count);
    }
  }
}

template <class Body>
void Windows::each_start(const Body& body) const {
  const Window &a = axis[0], &b = axis[1], &c = axis[2];
  std::int64_t position = 0;
  for (std::int64_t rows = 0; rows < a.out * b.out; ++rows) {
    const std::int64_t i0 = rows / b.out * a.stride - a.before, i1 = rows % b.out * b.stride - b.before;
    std::int64_t start = (i0 * b.in + i1) * c.in - c.before;
    for (std::int64_t column = 0; column < c.out; ++column, start += c.stride) body(position++, start);
  }
}

template <class Body>
void Windows::each_window(const Body& body) const {
  const Window &a = axis[0], &b = axis[1], &c = axis[2];
  const auto most = [](const Window& window) { return window.size < window.in ? window.size : window.in; };
  PoolVector<Tap> on_image(static_cast<std::size_t>(most(a) * most(b) * most(c)));
  std::int64_t position = 0;
  for (std::int64_t rows = 0; rows < a.out * b.out; ++rows) {
    const Window::Inside i0 = a.inside(rows / b.out), i1 = b.inside(rows % b.out);
    for (std::int64_t column = 0; column < c.out; ++column) {
      const Window::Inside i2 = c.inside(column);
      Tap* next = on_image.data();
      for (std::int64_t k0 = 0; k0 < i0.count; ++k0) {
        for (std::int64_t k1 = 0; k1 < i1.count; ++k1) {
          std::int64_t tap = ((i0.first + k0) * b.size + i1.first + k1) * c.size + i2.first;
          std::int64_t pixel =
              ((i0.pixel + k0 * a.dilation) * b.in + i1.pixel + k1 * b.dilation) * c.in + i2.pixel;
          for (std::int64_t k2 = 0; k2 < i2.count; ++k2, pixel += c.dilation) *next++ = {tap++, pixel};
        }
      }
      body(position++, std::span<const Tap>(on_image.data(), next));
    }
  }
}

}  // namespace gradus::kernels
