#include <gradus/graph/apply.h>
#include <gradus/graph/pool_vector.h>
#include <gradus/ops/kernels/nn/pooling.h>
#include <gradus/ops/shape.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace gradus::kernels {

namespace {

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
  // Calls body(position, pixel) for each pixel of each window, as offsets of rows of `channels` values.
  template <class Body>
  void each_pixel(std::int64_t batch, std::int64_t channels, const Body& body) const {
    const std::int64_t positions = windows_.positions(), pixels = windows_.pixels();
    for (std::int64_t at = 0; at < batch * positions; ++at) {
      windows_.each_tap(at % positions, [&](std::int64_t /*tap*/, std::int64_t pixel) {
        body(at * channels, (at / positions * pixels + pixel) * channels);
      });
    }
  }

  std::string_view name_;
  Windows windows_;
};

class MaxPool : public PoolOp {
 public:
  using PoolOp::PoolOp;
  void forward(Forward& forward) const override {
    const Tensor& x = forward.value(0);
    Tensor& y = forward.output();
    Tensor chosen = Tensor::empty(y.shape(), DType::int64);
    dispatch_floating(x.dtype(), [&]<class T>() { choose<T>(x, y, chosen.raw<std::int64_t>()); });
    forward.save(std::move(chosen));
  }
  void vjp(Backward& b) const override {
    const Tensor zeros = Tensor::zeros({b.shape(0).elements()}, b.gradient().dtype());
    b.give(0, reshape(gradus::scatter_add(zeros, b.saved(0), b.gradient()), b.shape(0).dims()));
  }

 private:
  template <class T>
  void choose(const Tensor& x, Tensor& y, std::int64_t* chosen) const {
    if (y.size() == 0) return;
    const T* values = x.raw<T>();
    T* largest = y.raw<T>();
    std::fill_n(chosen, y.size(), -1);
    const std::int64_t channels = x.shape().back();
    each_pixel(x.shape()[0], channels, [&](std::int64_t position, std::int64_t pixel) {
      for (std::int64_t c = 0; c < channels; ++c) {
        const T value = values[pixel + c], before = largest[position + c];
        std::int64_t& choice = chosen[position + c];
        // The first of equal ones stays, and so does the first NaN.
        if (choice < 0 || value > before || (value != value && before == before)) {
          largest[position + c] = value;
          choice = pixel + c;
        }
      }
    });
  }
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
    std::memset(y.buffer()->data(), 0, y.bytes());
    if (x.size() == 0 || y.size() == 0) return;
    dispatch_floating(x.dtype(), [&]<class T>() { run<T>(x.raw<T>(), y.raw<T>()); });
  }
  void vjp(Backward& b) const override {
    const bool pool = direction_ == Direction::pool;
    b.give(0, apply(AveragePool(pool ? "average_pool_gradient" : "average_pool", windows_, image_,
                                pool ? Direction::spread : Direction::pool),
                    {b.gradient()}));
  }

 private:
  template <class T>
  void run(const T* x, T* y) const {
    const std::int64_t channels = image_.back(), positions = windows_.positions();
    PoolVector<T> shares(static_cast<std::size_t>(positions), T(0));  // 1 / number of pixels
    for (std::int64_t at = 0; at < positions; ++at) {
      windows_.each_run(at, [&](std::int64_t, std::int64_t, std::int64_t count) {
        shares[static_cast<std::size_t>(at)] += static_cast<T>(count);
      });
    }
    for (T& share : shares) share = 1 / share;
    each_pixel(image_[0], channels, [&](std::int64_t position, std::int64_t pixel) {
      const T share = shares[static_cast<std::size_t>(position / channels % positions)];
      const T* from = x + (direction_ == Direction::pool ? pixel : position);
      T* to = y + (direction_ == Direction::pool ? position : pixel);
      for (std::int64_t c = 0; c < channels; ++c) to[c] += share * from[c];
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
