#include <gradus/graph/suggest.h>
#include <gradus/ops/kernels/nn/windows.h>

#include <algorithm>

namespace gradus {

Padding::Padding(std::string_view name) {
  static constexpr std::array<std::string_view, 2> kNames = {"valid", "same"};
  kind_ = find_name("padding", name, kNames) == 0 ? valid : same;
}

namespace kernels {

namespace {

// No product of two such numbers overflows.
constexpr std::int64_t kMost = std::int64_t{1} << 31;

bool over_one(const Dims& values) {
  return std::ranges::any_of(values, [](std::int64_t value) { return value > 1; });
}

}  // namespace

std::string window_text(const Dims& given) {
  return given.size() == 1 ? std::to_string(given[0]) : to_string(given);
}

Dims per_axis(const Call& call, std::string_view what, const Dims& given, std::size_t axes) {
  if (given.size() != 1 && given.size() != axes) {
    throw call.value_error(std::string(what) + " must be one number or " + std::to_string(axes) + ", got " +
                           to_string(given));
  }
  for (const std::int64_t value : given) {
    if (value < 1 || value >= kMost) {
      throw call.value_error(std::string(what) + " must be 1 or more" +
                             (value < 1 ? "" : " and less than 2147483648") + ", got " + window_text(given));
    }
  }
  return given.size() == axes ? given : Dims(axes, given[0]);
}

Windows windows_over(const Call& call, std::string_view what, std::span<const std::int64_t> in,
                     std::span<const std::int64_t> size, const WindowOptions& options) {
  const std::size_t axes = in.size();
  const Dims strides = per_axis(call, "strides", options.strides, axes);
  const Dims dilation = per_axis(call, "dilation_rate", options.dilation_rate, axes);
  const Dims sizes = per_axis(call, what, Dims(size), axes);
  Windows windows;
  windows.rank = axes;
  if (std::ranges::any_of(in, [](std::int64_t extent) { return extent >= kMost; })) {
    throw call.shape_error("the image " + to_string(Dims(in)) + " is too large");
  }
  for (std::size_t i = 0; i < axes; ++i) {
    Window& window = windows.axis[Windows::kAxes - axes + i];
    window = {.in = in[i], .size = sizes[i], .stride = strides[i], .dilation = dilation[i]};
    if (options.padding == Padding::same) {
      window.out = (window.in + window.stride - 1) / window.stride;
      window.before = std::max<std::int64_t>(window.extent() - window.in, 0) / 2;
    } else {
      if (window.reach() > window.in) {
        throw call.shape_error("the " + std::string(what) + " " + window_text(Dims(size)) +
                               (over_one(dilation) ? " with dilation_rate " + window_text(dilation) : "") +
                               " is larger than the image " + window_text(Dims(in)));
      }
      window.out = (window.in - window.reach()) / window.stride + 1;
    }
  }
  return windows;
}

void refuse_strides_with_dilation(const Call& call, const WindowOptions& options) {
  if (over_one(options.strides) && over_one(options.dilation_rate)) {
    throw call.value_error("strides " + window_text(options.strides) + " and dilation_rate " +
                           window_text(options.dilation_rate) + " cannot both be over 1");
  }
}

std::span<const std::int64_t> spatial_extents(const Call& call, std::size_t axes) {
  static constexpr std::array<std::string_view, 3> kLayouts = {
      "[batch, n, channels]", "[batch, height, width, channels]", "[batch, depth, height, width, channels]"};
  const Shape& x = call.shape(0);
  if (x.dims().size() != axes + 2) {
    throw call.shape_error(call.operand_name(0) + " must be " + std::string(kLayouts[axes - 1]));
  }
  return {x.begin() + 1, axes};
}

}  // namespace kernels
}  // namespace gradus
