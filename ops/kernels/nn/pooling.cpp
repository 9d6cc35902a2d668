#include <gradus/graph/apply.h>
#include <gradus/graph/parallel.h>
#include <gradus/ops/kernels/nn/pooling.h>
#include <gradus/ops/kernels/nn/vectors.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <type_traits>

namespace gradus::kernels {

namespace {

// A piece of work has about this many values of x.
constexpr std::int64_t kPiece = std::int64_t{1} << 16;

Shape pooled(const Windows& windows, const Shape& x) {
  Dims dims = x.dims();
  for (std::size_t i = 0; i < windows.rank; ++i) dims[i + 1] = windows.used()[i].out;
  return Shape(std::move(dims));
}

class PoolOp : public Op {
 public:
  PoolOp(std::string_view name, const Windows& windows) : name_(name), windows_(windows) {}
  std::string_view name() const override { return name_; }
  OpAttributes attributes() const override {
    Dims size(windows_.rank, 1), strides(windows_.rank, 1);
    for (std::size_t i = 0; i < windows_.rank; ++i) {
      size[i] = windows_.used()[i].size;
      strides[i] = windows_.used()[i].stride;
    }
    return {{"pool_size", to_string(size)}, {"strides", to_string(strides)}};
  }
  Shape infer_shape(const Call& call) const override { return pooled(windows_, call.shape(0)); }

 protected:
  // Calls image(b) for each image of the batch, some of them a piece.
  template <class Image>
  void each_image(std::int64_t batch, std::int64_t channels, const Image& image) const {
    const std::int64_t values = std::max<std::int64_t>(windows_.pixels() * channels, 1);
    parallel_for(batch, std::max<std::int64_t>(kPiece / values, 1),
                 [&](std::int64_t begin, std::int64_t end) {
                   for (std::int64_t b = begin; b < end; ++b) image(b);
                 });
  }
  // Whether no pixel lies in two windows, and whether each lies in one.
  bool apart() const {
    return std::ranges::all_of(windows_.axis, [](const Window& w) { return w.stride >= w.size; });
  }
  bool tile() const {
    return apart() && std::ranges::all_of(windows_.axis, [](const Window& w) {
             return w.stride == w.size && w.before == 0 && w.in == w.out * w.size;
           });
  }

  std::string_view name_;
  Windows windows_;
};

// Note [Which value is the largest]
// Beside each maximum stands the number of its tap within the window, as a number of the values' own type, so
// that vectors of both are compared and chosen alike. Windows with more taps than that type can count number
// them in float64, value by value.
class MaxPool : public PoolOp {
 public:
  using PoolOp::PoolOp;
  void forward(Forward& forward) const override {
    const Tensor& x = forward.value(0);
    Tensor& y = forward.output();
    dispatch_floating(x.dtype(), [&]<class T>() {
      const bool exact = windows_.taps() <= kMostTaps || sizeof(T) == sizeof(double);
      Tensor chosen = Tensor::empty(y.shape(), exact ? y.dtype() : DType::float64);
      if (y.size() != 0) exact ? choose<T, T>(x, y, chosen) : choose<T, double>(x, y, chosen);
      forward.save(std::move(chosen));
    });
  }
  void vjp(Backward& b) const override {
    const Tensor& chosen = b.saved(0);
    Tensor dx = Tensor::empty(b.shape(0), b.gradient_value().dtype());
    if (b.create_graph()) {
      const Tensor zeros = Tensor::zeros({dx.size()}, dx.dtype());
      return b.give(0, reshape(gradus::scatter_add(zeros, places(chosen, b.shape(0)), b.gradient()),
                               b.shape(0).dims()));
    }
    dispatch_floating(dx.dtype(), [&]<class T>() {
      const Tensor& g = b.gradient_value();
      if (g.size() == 0) {
        std::fill_n(dx.raw<T>(), dx.size(), T(0));
        return;
      }
      chosen.dtype() == dx.dtype() ? spread<T, T>(chosen, g, dx) : spread<T, double>(chosen, g, dx);
    });
    b.give(0, std::move(dx));
  }

 private:
  // Whether the taps are the same at each position, and few.
  bool same_taps() const {
    return windows_.taps() <= kFewTaps &&
           std::ranges::all_of(windows_.axis, [](const Window& w) { return w.on_image(); });
  }
  // Calls body(position, start, taps) for every position of an image, the taps' pixels counted from `start`.
  template <class Body>
  void each_place(const Body& body) const {
    if (!same_taps()) {
      return windows_.each_window([&](std::int64_t position, std::span<const Windows::Tap> taps) {
        body(position, std::int64_t{0}, taps);
      });
    }
    std::array<Windows::Tap, kFewTaps> taps = {};  // the same everywhere
    const std::int64_t count = windows_.taps();
    for (std::int64_t tap = 0; tap < count; ++tap) {
      taps[static_cast<std::size_t>(tap)] = {tap, windows_.offset(tap)};
    }
    windows_.each_start([&](std::int64_t position, std::int64_t start) {
      body(position, start, std::span<const Windows::Tap>(taps.data(), static_cast<std::size_t>(count)));
    });
  }

  // See Note [Which value is the largest]. The first of equal ones stays, and so does the first NaN.
  template <class T, class K>
  void choose(const Tensor& x, Tensor& y, Tensor& chosen) const {
    const std::int64_t channels = x.shape().back();
    each_image(x.shape()[0], channels, [&](std::int64_t b) {
      const T* image = x.raw<T>() + b * windows_.pixels() * channels;
      T* largest = y.raw<T>() + b * windows_.positions() * channels;
      K* choice = chosen.raw<K>() + b * windows_.positions() * channels;
      using Taps = std::span<const Windows::Tap>;
      // A position, for n lanes of channels from c on.
      const auto choose_at = [=]<class Lane, std::int64_t n>(std::int64_t c, std::int64_t position,
                                                             std::int64_t start, Taps taps) {
        constexpr std::int64_t kStep = sizeof(Lane::all(T(0))) / sizeof(T);
        const T* values = image + start * channels + c;
        decltype(Lane::all(T(0))) most[n];  // std::array drops what a vector type says of itself
        decltype(Lane::all(K(0))) which[n];
        for (std::int64_t i = 0; i < n; ++i) {
          most[i] = Lane::load(values + taps[0].pixel * channels + i * kStep);
          which[i] = Lane::all(static_cast<K>(taps[0].tap));
        }
        for (const auto& [tap, pixel] : taps.subspan(1)) {
          const auto number = Lane::all(static_cast<K>(tap));
          for (std::int64_t i = 0; i < n; ++i) {
            const auto value = Lane::load(values + pixel * channels + i * kStep);
            const auto take = Lane::beats(value, most[i]);
            most[i] = Lane::select(take, value, most[i]);
            which[i] = Lane::select(take, number, which[i]);
          }
        }
        for (std::int64_t i = 0; i < n; ++i) {
          Lane::store(largest + position * channels + c + i * kStep, most[i]);
          Lane::store(choice + position * channels + c + i * kStep, which[i]);
        }
      };
      // What a position costs beside its values is paid once for all that share its taps.
      if (same_taps()) {
        each_block<T, K>(channels, [&]<class Lane, std::int64_t n>(std::int64_t c) {
          each_place([&](std::int64_t position, std::int64_t start, Taps taps) {
            choose_at.template operator()<Lane, n>(c, position, start, taps);
          });
        });
        return;
      }
      each_place([&](std::int64_t position, std::int64_t start, Taps taps) {
        each_block<T, K>(channels, [&]<class Lane, std::int64_t n>(std::int64_t c) {
          choose_at.template operator()<Lane, n>(c, position, start, taps);
        });
      });
    });
  }
  // Calls body<Lane, n>(c) for blocks of channels, each n lanes: chains of choices side by side, since each
  // waits for itself.
  template <class T, class K, class Body>
  static void each_block(std::int64_t channels, const Body& body) {
    std::int64_t c = 0;
    if constexpr (std::is_same_v<T, K>) {
      constexpr std::int64_t kSize = Packets<T>::kSize;
      for (; c + 4 * kSize <= channels; c += 4 * kSize) body.template operator()<Packets<T>, 4>(c);
      for (; c + 2 * kSize <= channels; c += 2 * kSize) body.template operator()<Packets<T>, 2>(c);
      each_lane<T>(channels - c,
                   [&]<class Lane>(std::int64_t more) { body.template operator()<Lane, 1>(c + more); });
    } else {
      for (; c < channels; ++c) body.template operator()<Single, 1>(c);
    }
  }

  // Each value of g to the pixel it came from.
  template <class T, class K>
  void spread(const Tensor& chosen, const Tensor& g, Tensor& dx) const {
    const std::int64_t channels = g.shape().back(), values = windows_.pixels() * channels;
    const bool few = windows_.taps() <= kFewTaps, once = apart();
    const std::int64_t wide =
        few && std::is_same_v<T, K> ? channels / Packets<T>::kSize * Packets<T>::kSize : std::int64_t{0};
    const bool all = wide == channels && tile();
    std::array<std::int64_t, kFewTaps> offsets = {};
    for (std::int64_t tap = 0; few && tap < windows_.taps(); ++tap) {
      offsets[static_cast<std::size_t>(tap)] = windows_.offset(tap) * channels;
    }
    each_image(dx.shape()[0], channels, [&](std::int64_t b) {
      T* image = dx.raw<T>() + b * values;
      if (!all) std::fill_n(image, values, T(0));
      const T* gradient = g.raw<T>() + b * windows_.positions() * channels;
      const K* choice = chosen.raw<K>() + b * windows_.positions() * channels;
      if (wide != 0) {
        each_place([&](std::int64_t position, std::int64_t start, std::span<const Windows::Tap> taps) {
          if constexpr (std::is_same_v<T, K>) {
            using Lane = Packets<T>;
            for (std::int64_t c = 0; c < wide; c += Lane::kSize) {
              const auto value = Lane::load(gradient + position * channels + c),
                         which = Lane::load(choice + position * channels + c);
              for (const auto& [tap, pixel] : taps) {
                T* to = image + (start + pixel) * channels + c;
                const auto share =
                    Lane::select(Lane::equal(which, Lane::all(static_cast<K>(tap))), value, Lane::all(T(0)));
                Lane::store(to, once ? share : Lane::sum(share, Lane::load(to)));
              }
            }
          }
        });
      }
      if (wide == channels) return;
      windows_.each_start([&](std::int64_t position, std::int64_t start) {
        const std::int64_t at = position * channels;
        for (std::int64_t c = wide; c < channels; ++c) {
          const auto tap = static_cast<std::int64_t>(choice[at + c]);
          const std::int64_t offset =
              few ? offsets[static_cast<std::size_t>(tap)] : windows_.offset(tap) * channels;
          image[start * channels + offset + c] += gradient[at + c];
        }
      });
    });
  }

  // Where in x each value of the result came from.
  Tensor places(const Tensor& chosen, const Shape& x) const {
    Tensor result = Tensor::empty(chosen.shape(), DType::int64);
    const std::int64_t channels = x.back();
    dispatch_floating(chosen.dtype(), [&]<class K>() {
      const K* choice = chosen.raw<K>();
      std::int64_t* place = result.raw<std::int64_t>();
      for (std::int64_t b = 0; b < x[0]; ++b) {
        windows_.each_start([&](std::int64_t /*position*/, std::int64_t start) {
          const std::int64_t first = b * windows_.pixels() + start;
          for (std::int64_t c = 0; c < channels; ++c) {
            *place++ = (first + windows_.offset(static_cast<std::int64_t>(*choice++))) * channels + c;
          }
        });
      }
    });
    return result;
  }

  static constexpr std::int64_t kMostTaps = std::int64_t{1} << 24;  // float32 counts no further
  static constexpr std::int64_t kFewTaps = 16;                      // more are not compared but looked up
};

// The mean over the pixels of a window, and its transpose, which gives each pixel its share.
enum class Direction : std::uint8_t { pool, spread };
class AveragePool : public PoolOp {
 public:
  AveragePool(std::string_view name, const Windows& windows, const Shape& image, Direction direction)
      : PoolOp(name, windows), image_(image), direction_(direction) {}
  Shape infer_shape(const Call& /*call*/) const override {
    return direction_ == Direction::pool ? pooled(windows_, image_) : image_;
  }
  void forward(Forward& forward) const override {
    const Tensor& x = forward.value(0);
    Tensor& y = forward.output();
    if (x.size() == 0 || y.size() == 0) {
      std::memset(y.buffer()->data(), 0, y.bytes());
      return;
    }
    dispatch_floating(x.dtype(), [&]<class T>() {
      direction_ == Direction::pool ? pool(x.raw<T>(), y.raw<T>()) : spread(x.raw<T>(), y.raw<T>());
    });
  }
  void vjp(Backward& b) const override {
    const bool pool = direction_ == Direction::pool;
    b.give(0, apply(AveragePool(pool ? "average_pool_gradient" : "average_pool", windows_, image_,
                                pool ? Direction::spread : Direction::pool),
                    {b.gradient()}));
  }

 private:
  template <class T>
  void pool(const T* x, T* y) const {
    const std::int64_t channels = image_.back();
    each_image(image_[0], channels, [&](std::int64_t b) {
      const T* image = x + b * windows_.pixels() * channels;
      windows_.each_window([&](std::int64_t position, std::span<const Windows::Tap> taps) {
        T* to = y + (b * windows_.positions() + position) * channels;
        const T share = T(1) / static_cast<T>(taps.size());
        each_lane<T>(channels, [&]<class Lane>(std::int64_t c) {
          const auto factor = Lane::all(share);
          auto sum = Lane::product(factor, Lane::load(image + taps[0].pixel * channels + c));
          for (const auto& [tap, pixel] : taps.subspan(1)) {
            sum = Lane::sum(sum, Lane::product(factor, Lane::load(image + pixel * channels + c)));
          }
          Lane::store(to + c, sum);
        });
      });
    });
  }
  template <class T>
  void spread(const T* g, T* dx) const {
    const std::int64_t channels = image_.back(), values = windows_.pixels() * channels;
    const bool once = apart(), all = tile();
    each_image(image_[0], channels, [&](std::int64_t b) {
      T* image = dx + b * values;
      if (!all) std::fill_n(image, values, T(0));
      windows_.each_window([&](std::int64_t position, std::span<const Windows::Tap> taps) {
        const T* from = g + (b * windows_.positions() + position) * channels;
        const T share = T(1) / static_cast<T>(taps.size());
        each_lane<T>(channels, [&]<class Lane>(std::int64_t c) {
          const auto value = Lane::product(Lane::all(share), Lane::load(from + c));
          for (const auto& [tap, pixel] : taps) {
            T* to = image + pixel * channels + c;
            Lane::store(to, once ? value : Lane::sum(value, Lane::load(to)));
          }
        });
      });
    });
  }

  Shape image_;
  Direction direction_;
};

}  // namespace

Windows pooling_windows(const Call& call, std::size_t axes, const PoolingOptions& options) {
  const auto extents = spatial_extents(call, axes);
  const Dims& given = options.pool_size;
  const Dims size = per_axis(call, "pool_size", given, axes);
  return windows_over(
      call, "pool_size", extents, size,
      {.strides = options.strides.empty() ? options.pool_size : options.strides, .padding = options.padding});
}

Variable max_pool(std::string_view name, const Windows& windows, const Variable& x) {
  return apply(MaxPool(name, windows), {x});
}

Variable average_pool(std::string_view name, const Windows& windows, const Variable& x) {
  return apply(AveragePool(name, windows, x.shape(), Direction::pool), {x});
}

}  // namespace gradus::kernels
