#include <gradus/graph/apply.h>
#include <gradus/graph/expansion.h>
#include <gradus/graph/parallel.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/graph/suggest.h>
#include <gradus/ops/kernels/nn/vectors.h>
#include <gradus/ops/kernels/nn/windows.h>
#include <gradus/ops/records.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>

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
    const bool sampling = direction_ == Direction::sample;
    if (!sampling || x.size() == 0) std::memset(y.buffer()->data(), 0, y.bytes());
    if (x.size() == 0 || y.size() == 0) return;
    dispatch_floating(x.dtype(), [&]<class T>() {
      each_image([&](std::int64_t b) {
        sampling ? sample_image(b, x.raw<T>(), y.raw<T>()) : spread_image(b, x.raw<T>(), y.raw<T>());
      });
    });
  }
  void vjp(Backward& b) const override {
    const Direction other = direction_ == Direction::sample ? Direction::spread : Direction::sample;
    b.give(0, apply(Resize(image_, result_, interpolation_, other), {b.gradient()}));
  }

 private:
  template <class Image>
  void each_image(const Image& image) const {
    const std::int64_t values = result_.elements() / result_[0];
    parallel_for(result_[0], std::max<std::int64_t>(kPiece / values, 1),
                 [&](std::int64_t begin, std::int64_t end) {
                   for (std::int64_t b = begin; b < end; ++b) image(b);
                 });
  }
  PoolVector<Sample> columns() const {
    PoolVector<Sample> result(static_cast<std::size_t>(result_[2]));
    for (std::size_t j = 0; j < result.size(); ++j) {
      result[j] = sample(static_cast<std::int64_t>(j), image_[2], result_[2], interpolation_);
    }
    return result;
  }

  // Two rows of the image are mixed into one, of which pixels are then mixed. A weight of 0 takes no part: it
  // would make NaN of an infinity.
  template <class T>
  void sample_image(std::int64_t b, const T* images, T* results) const {
    const std::int64_t channels = image_[3], width = image_[2] * channels, out_width = result_[2] * channels;
    const T* image = images + b * image_[1] * width;
    T* result = results + b * result_[1] * out_width;
    const PoolVector<Sample> columns = this->columns();
    PoolVector<T> mixed(static_cast<std::size_t>(width));
    std::int64_t before = -1;
    for (std::int64_t i = 0; i < result_[1]; ++i, result += out_width) {
      const Sample at = sample(i, image_[1], result_[1], interpolation_);
      const T *row = image + at.low * width, *high = image + at.high * width;
      if (at.share == 0 && at.low == before) {  // the same as the last one
        std::copy_n(result - out_width, out_width, result);
        continue;
      }
      before = at.share == 0 ? at.low : -1;
      if (at.share != 0) {
        const T share = static_cast<T>(at.share), rest = static_cast<T>(1 - at.share);
        for (std::int64_t k = 0; k < width; ++k)
          mixed[static_cast<std::size_t>(k)] = rest * row[k] + share * high[k];
        row = mixed.data();
      }
      T* to = result;
      for (const Sample& column : columns) {
        const T *left = row + column.low * channels, *right = row + column.high * channels;
        if (column.share == 0) {
          kernels::each_lane<T>(
              channels, [&]<class Lane>(std::int64_t c) { Lane::store(to + c, Lane::load(left + c)); });
        } else {
          kernels::each_lane<T>(channels, [&]<class Lane>(std::int64_t c) {
            const auto share = Lane::all(static_cast<T>(column.share));
            const auto rest = Lane::all(static_cast<T>(1 - column.share));
            Lane::store(to + c, Lane::sum(Lane::product(rest, Lane::load(left + c)),
                                          Lane::product(share, Lane::load(right + c))));
          });
        }
        to += channels;
      }
    }
  }

  // Rows first, so that rows of the result that share one of the image are taken apart once.
  template <class T>
  void spread_image(std::int64_t b, const T* results, T* images) const {
    const std::int64_t channels = image_[3], width = image_[2] * channels, out_width = result_[2] * channels;
    const T* from = results + b * result_[1] * out_width;
    PoolVector<T> rows(static_cast<std::size_t>(image_[1] * out_width), T(0));
    PoolVector<bool> used(static_cast<std::size_t>(image_[1]), false);
    for (std::int64_t i = 0; i < result_[1]; ++i, from += out_width) {
      const Sample at = sample(i, image_[1], result_[1], interpolation_);
      add(out_width, static_cast<T>(1 - at.share), from, rows.data() + at.low * out_width);
      used[static_cast<std::size_t>(at.low)] = true;
      if (at.share == 0) continue;
      add(out_width, static_cast<T>(at.share), from, rows.data() + at.high * out_width);
      used[static_cast<std::size_t>(at.high)] = true;
    }
    const PoolVector<Sample> columns = this->columns();
    for (std::int64_t i = 0; i < image_[1]; ++i) {
      if (!used[static_cast<std::size_t>(i)]) continue;
      const T* row = rows.data() + i * out_width;
      T* to = images + (b * image_[1] + i) * width;
      switch (channels) {  // known numbers of channels need no loop
        case 1: take_apart(columns, Known<1>(), row, to); break;
        case 2: take_apart(columns, Known<2>(), row, to); break;
        case 3: take_apart(columns, Known<3>(), row, to); break;
        case 4: take_apart(columns, Known<4>(), row, to); break;
        default: take_apart(columns, channels, row, to);
      }
    }
  }
  template <std::int64_t n>
  using Known = std::integral_constant<std::int64_t, n>;
  template <class T, class Channels>
  static void take_apart(const PoolVector<Sample>& columns, Channels channels, const T* row, T* to) {
    for (const Sample& column : columns) {
      add(channels, static_cast<T>(1 - column.share), row, to + column.low * channels);
      if (column.share != 0) add(channels, static_cast<T>(column.share), row, to + column.high * channels);
      row += channels;
    }
  }
  template <class T, class Count>
  static void add(Count count, T factor, const T* from, T* to) {
    if constexpr (!std::is_same_v<Count, std::int64_t>) {
      for (std::int64_t c = 0; c < count; ++c) to[c] += factor * from[c];
      return;
    }
    kernels::each_lane<T>(count, [&]<class Lane>(std::int64_t c) {
      Lane::store(to + c,
                  Lane::sum(Lane::load(to + c), Lane::product(Lane::all(factor), Lane::load(from + c))));
    });
  }

  static constexpr std::int64_t kPiece = std::int64_t{1} << 15;  // values of a piece of work, about
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
