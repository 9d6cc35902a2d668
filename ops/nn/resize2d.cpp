#include <gradus/graph/apply.h>
#include <gradus/graph/expansion.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/graph/suggest.h>
#include <gradus/ops/kernels/nn/windows.h>
#include <gradus/ops/records.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace gradus {

Interpolation::Interpolation(std::string_view name) {
  static constexpr std::array<std::string_view, 2> kNames = {"nearest", "bilinear"};
  kind_ = find_name("interpolation", name, kNames) == 0 ? nearest : bilinear;
}

namespace {

// Where a pixel of the result lies between two pixels of the image: (1 - share) low + share high.
struct Sample {
  std::int64_t low = 0, high = 0;
  double share = 0;
};

// Pixel i of the result has its center at (i + 1/2) in / out - 1/2 of the image.
Sample sample(std::int64_t i, std::int64_t in, std::int64_t out, Interpolation interpolation) {
  const double center = (static_cast<double>(i) + 0.5) * static_cast<double>(in) / static_cast<double>(out);
  const double from = interpolation == Interpolation::nearest ? center : center - 0.5;
  const double floor = std::floor(from);
  const auto clipped = [&](double pixel) {
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(pixel), 0, in - 1);
  };
  if (interpolation == Interpolation::nearest) return {clipped(floor), clipped(floor), 0};
  return {clipped(floor), clipped(floor + 1), from - floor};
}

// The resizing, or its transpose, which gives each pixel of the image its shares.
enum class Direction : std::uint8_t { sample, spread };
class Resize : public Op {
 public:
  Resize(Shape image, Shape result, Interpolation interpolation, Direction direction)
      : image_(std::move(image)),
        result_(std::move(result)),
        interpolation_(interpolation),
        direction_(direction) {}
  std::string_view name() const override {
    return direction_ == Direction::sample ? "resize2d" : "resize2d_gradient";
  }
  OpAttributes attributes() const override {
    return {{"size", to_string(Dims{result_[1], result_[2]})},
            {"interpolation", std::string(interpolation_.name())}};
  }
  Shape infer_shape(const Call& /*call*/) const override {
    return direction_ == Direction::sample ? result_ : image_;
  }
  void forward(Forward& forward) const override {
    const Tensor& x = forward.value(0);
    Tensor& y = forward.output();
    std::memset(y.buffer()->data(), 0, y.bytes());
    if (x.size() == 0 || y.size() == 0) return;
    dispatch_floating(x.dtype(), [&]<class T>() { run<T>(x.raw<T>(), y.raw<T>()); });
  }
  void vjp(Backward& b) const override {
    const Direction other = direction_ == Direction::sample ? Direction::spread : Direction::sample;
    b.give(0, apply(Resize(image_, result_, interpolation_, other), {b.gradient()}));
  }

 private:
  template <class T>
  void run(const T* from, T* to) const {
    const std::int64_t channels = image_[3], height = image_[1], width = image_[2];
    PoolVector<Sample> columns(static_cast<std::size_t>(result_[2]));
    for (std::size_t j = 0; j < columns.size(); ++j) {
      columns[j] = sample(static_cast<std::int64_t>(j), width, result_[2], interpolation_);
    }
    const auto add = [&](std::int64_t result, std::int64_t image, double weight) {
      if (weight == 0) return;  // as it is for the second pixel of "nearest"
      const bool forward = direction_ == Direction::sample;
      const T* source = from + (forward ? image : result) * channels;
      T* target = to + (forward ? result : image) * channels;
      for (std::int64_t c = 0; c < channels; ++c) target[c] += static_cast<T>(weight) * source[c];
    };
    std::int64_t pixel = 0;
    for (std::int64_t b = 0; b < image_[0]; ++b) {
      for (std::int64_t i = 0; i < result_[1]; ++i) {
        const Sample row = sample(i, height, result_[1], interpolation_);
        const std::int64_t low = (b * height + row.low) * width, high = (b * height + row.high) * width;
        for (const Sample& column : columns) {
          add(pixel, low + column.low, (1 - row.share) * (1 - column.share));
          add(pixel, low + column.high, (1 - row.share) * column.share);
          add(pixel, high + column.low, row.share * (1 - column.share));
          add(pixel, high + column.high, row.share * column.share);
          ++pixel;
        }
      }
    }
  }

  Shape image_, result_;
  Interpolation interpolation_;
  Direction direction_;
};

}  // namespace

Variable resize2d(const Operand& x, const Axes& size, ResizeOptions options) {
  const Expansion op({.name = "resize2d"}, {x});
  const auto extents = kernels::spatial_extents(op.call(), 2);
  const Dims to = kernels::per_axis(op.call(), "size", size, 2);
  if (extents[0] == 0 || extents[1] == 0) throw op.shape_error("x has no pixels");
  const Shape& image = op.shape(0);
  try {
    const Shape result = {image[0], to[0], to[1], image[3]};
    return apply(Resize(image, result, options.interpolation, Direction::sample), {op[0]});
  } catch (const ShapeError& /*overflow*/) {
    throw op.shape_error("the size " + kernels::window_text(size) + " is too large");
  }
}

namespace records {

OpInfo resize2d() {
  const auto by = [](const Shape& x, const Axes& size, Interpolation interpolation) -> record::Case {
    return {"size = " + to_string(size) + ", interpolation = '" + std::string(interpolation.name()) + "'",
            {x},
            [=](std::span<const Variable> v) {
              return gradus::resize2d(v[0], size, {.interpolation = interpolation});
            }};
  };
  constexpr auto kNearest = Interpolation::nearest, kBilinear = Interpolation::bilinear;
  return record::cases(
      {.signature = "(x, size, {.interpolation})",
       .formula = "x at (i + 1/2) h / h' - 1/2, (j + 1/2) w / w' - 1/2: the nearest pixel, or between four",
       .gradient = "g, to each pixel by the weight it had",
       .shapes = "[b, h, w, c] -> [b, h', w', c]",
       .flops = 8},
      [=](std::int64_t n) -> std::vector<record::Case> {
        return {by({2, n, n, 3}, {2 * n, 2 * n}, kNearest),
                by({2, n, n, 3}, {2 * n, 2 * n}, kBilinear),
                by({1, n, n + 1, 2}, {3, 7}, kNearest),
                by({1, n, n + 1, 2}, {3, 7}, kBilinear),
                by({1, n + 3, n, 1}, {2, 3}, kBilinear),
                by({1, 2, 3, 2}, {2, 3}, kBilinear),
                by({1, 1, 1, 2}, 3, kBilinear),
                by({1, 2, 2, 1}, 1, kNearest),
                by({0, n, n, 2}, 2, kBilinear),
                by({2, n, n, 0}, {3, 2}, kNearest)};
      },
      {{"x must be [batch, height, width, channels]: x is [4, 4, 1]", by({4, 4, 1}, 2, kNearest)},
       {"size must be 1 or more, got [2, 0]", by({1, 4, 4, 1}, {2, 0}, kNearest)},
       {"size must be one number or 2, got [1, 2, 3]", by({1, 4, 4, 1}, {1, 2, 3}, kNearest)},
       {"x has no pixels: x is [1, 0, 4, 1]", by({1, 0, 4, 1}, 2, kBilinear)},
       {"the size 2147483647 is too large: x is [1, 1, 1, 4]", by({1, 1, 1, 4}, 2147483647, kBilinear)}});
}

}  // namespace records

}  // namespace gradus
