#pragma once

#include <gradus/graph/call.h>
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
  const std::int64_t o2 = position % c.out, o1 = position / c.out % b.out, o0 = position / c.out / b.out;
  const std::int64_t start2 = o2 * c.stride - c.before;
  const std::int64_t first = start2 < 0 ? (-start2 + c.dilation - 1) / c.dilation : 0;
  const std::int64_t fitting = c.in <= start2 ? 0 : (c.in - start2 + c.dilation - 1) / c.dilation;
  const std::int64_t count = (fitting < c.size ? fitting : c.size) - first;
  if (count <= 0) return;
  for (std::int64_t k0 = 0; k0 < a.size; ++k0) {
    const std::int64_t i0 = o0 * a.stride - a.before + k0 * a.dilation;
    if (i0 < 0 || i0 >= a.in) continue;
    for (std::int64_t k1 = 0; k1 < b.size; ++k1) {
      const std::int64_t i1 = o1 * b.stride - b.before + k1 * b.dilation;
      if (i1 < 0 || i1 >= b.in) continue;
      run((k0 * b.size + k1) * c.size + first, (i0 * b.in + i1) * c.in + start2 + first * c.dilation, count);
    }
  }
}

}  // namespace gradus::kernels
