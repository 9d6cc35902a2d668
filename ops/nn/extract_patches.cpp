#include <gradus/graph/apply.h>
#include <gradus/graph/expansion.h>
#include <gradus/ops/kernels/nn/convolution.h>
#include <gradus/ops/kernels/nn/window_records.h>
#include <gradus/ops/kernels/shape/result_shape.h>

namespace gradus {

namespace {

// The windows as an op, or its transpose, which adds patches where they came from.
enum class Direction : std::uint8_t { take, put };
class Patches : public Op {
 public:
  Patches(const kernels::Windows& windows, Shape images, Shape patches, Direction direction)
      : windows_(windows), images_(std::move(images)), patches_(std::move(patches)), direction_(direction) {}
  std::string_view name() const override {
    return direction_ == Direction::take ? "extract_patches" : "extract_patches_gradient";
  }
  OpAttributes attributes() const override {
    const kernels::Window &h = windows_.axis[1], &w = windows_.axis[2];
    return {{"size", to_string(Dims{h.size, w.size})},
            {"strides", to_string(Dims{h.stride, w.stride})},
            {"dilation_rate", to_string(Dims{h.dilation, w.dilation})}};
  }
  Shape infer_shape(const Call& /*call*/) const override {
    return direction_ == Direction::take ? patches_ : images_;
  }
  void forward(Forward& forward) const override {
    Tensor& out = forward.output();
    const void* x = forward.value(0).buffer()->data();
    if (out.size() == 0) return;
    if (direction_ == Direction::take) {
      kernels::patches(out.dtype(), windows_, images_[0], images_[3], x, out.buffer()->data());
    } else {
      kernels::add_patches(out.dtype(), windows_, images_[0], images_[3], x, out.buffer()->data());
    }
  }
  void vjp(Backward& b) const override {
    const Direction other = direction_ == Direction::take ? Direction::put : Direction::take;
    b.give(0, apply(Patches(windows_, images_, patches_, other), {b.gradient()}));
  }

 private:
  kernels::Windows windows_;
  Shape images_, patches_;
  Direction direction_;
};

}  // namespace

Variable extract_patches(const Operand& images, const Axes& size, PatchesOptions options) {
  static constexpr std::array<std::string_view, 1> kNames = {"images"};
  const Expansion op({.name = "extract_patches", .operand_names = kNames}, {images});
  const auto extents = kernels::spatial_extents(op.call(), 2);
  const Dims sizes = kernels::per_axis(op.call(), "size", size, 2);
  const kernels::Windows windows =
      kernels::windows_over(op.call(), "size", extents, sizes,
                            {.strides = options.strides.empty() ? size : options.strides,
                             .padding = options.padding,
                             .dilation_rate = options.dilation_rate});
  const Shape& shape = op.shape(0);
  std::int64_t width = 0;
  if (__builtin_mul_overflow(windows.taps(), shape[3], &width)) {
    throw op.shape_error("the patches are too large");
  }
  const Dims patches = {shape[0], windows.axis[1].out, windows.axis[2].out, width};
  return apply(Patches(windows, shape, kernels::result_shape(op.call(), patches), Direction::take), {op[0]});
}

namespace records {

OpInfo extract_patches() {
  const auto by = [](const Shape& images, const Axes& size,
                     const PatchesOptions& options = {}) -> record::Case {
    std::string arguments = record::Arguments()
                                .put("size", to_string(size))
                                .add("strides", options.strides, {})
                                .add("dilation_rate", options.dilation_rate, {1})
                                .add(options.padding)
                                .text();
    return {std::move(arguments), {images}, [=](std::span<const Variable> v) {
              return gradus::extract_patches(v[0], size, options);
            }};
  };
  return record::cases(
      {.signature = "(images, size, {.strides, .dilation_rate, .padding})",
       .formula = "the windows over each image, (row, column, channel) in the last axis",
       .gradient = "the patches of g added where they came from",
       .shapes = "[b, h, w, c] -> [b, h', w', size_h size_w c]",
       .flops = 0},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({2, n, n, 3}, 2),
                by({1, n, n + 1, 2}, {3, 2}, {.strides = 1}),
                by({1, n + 1, n, 2}, {2, 3}, {.strides = {1, 2}, .padding = "same"}),
                by({1, n, n, 2}, 3, {.strides = 2, .padding = "same"}),
                by({1, n + 2, n + 2, 1}, 2, {.strides = 2, .dilation_rate = 3}),
                by({1, n, n, 2}, {2, 1}, {.strides = 1, .dilation_rate = {2, 1}, .padding = "same"}),
                by({1, 1, 1, 1}, 1),
                by({0, n, n, 2}, 2),
                by({2, n, n, 0}, 2)};
      },
      {{"images must be [batch, height, width, channels]: images is [4, 4, 1]", by({4, 4, 1}, 2)},
       {"the size [5, 2] is larger than the image [4, 4]: images is [1, 4, 4, 1]", by({1, 4, 4, 1}, {5, 2})},
       {"size must be 1 or more, got 0", by({1, 4, 4, 1}, 0)},
       {"strides must be 1 or more, got 0", by({1, 4, 4, 1}, 2, {.strides = 0})},
       {"the patches are too large: images is [1, 4, 4, 4]",
        by({1, 4, 4, 4}, {2147483647, 2147483647}, {.strides = 1, .padding = "same"})}});
}

}  // namespace records

}  // namespace gradus
