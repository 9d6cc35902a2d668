#include <gradus/graph/apply.h>
#include <gradus/graph/backward_through.h>
#include <gradus/graph/call.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/nn/channel_rows.h>
#include <gradus/ops/kernels/nn/normalization_op.h>
#include <gradus/ops/kernels/nn/normalize.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

#include <algorithm>

namespace gradus::kernels {

namespace {

// x as [batch, positions, groups, width], and its statistics made of ops.
Variable grouped(const Groups& s, const Variable& x) {
  return reshape(x, {s.batch, s.positions, s.groups, s.width});
}
Moments moments_of(const Normalization& kind, const Variable& x) {
  if (kind.centered) return moments(x, {1, 3});
  return {Variable(Tensor::zeros({}, x.dtype())), mean(square(x), {.axis = {1, 3}, .keepdims = true})};
}

// Operands: x, scale, offset. Statistics that are known already are not taken again.
class NormalizeGroups : public Op {
 public:
  NormalizeGroups(const Normalization& kind, Tensor mean, Tensor variance)
      : kind_(kind), mean_(std::move(mean)), variance_(std::move(variance)) {}
  std::string_view name() const override { return kind_.name; }
  Shape infer_shape(const Call& call) const override { return call.shape(0); }

  void forward(Forward& forward) const override {
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      const T* x = forward.value(0).raw<T>();
      Tensor mean = mean_, variance = variance_;
      if (!mean.defined()) {
        mean = Tensor::empty({kind_.sizes.statistics()}, dtype_of<T>());
        variance = Tensor::empty(mean.shape(), mean.dtype());
        group_moments(kind_.sizes, kind_.centered, x, mean.raw<T>(), variance.raw<T>());
      }
      const T* scale = forward.size() > 1 ? forward.value(1).raw<T>() : nullptr;
      const T* offset = forward.size() > 2 ? forward.value(2).raw<T>() : nullptr;
      normalize(kind_.sizes, Normalized<T>{x, mean.raw<T>(), variance.raw<T>(), scale, offset, kind_.epsilon},
                forward.output().raw<T>());
      forward.save(std::move(mean));
      forward.save(std::move(variance));
    });
  }

  void vjp(Backward& b) const override {
    if (b.create_graph()) {
      backward_through(b, [this](std::span<const Variable> operands) { return composed(operands); });
      return;
    }
    const bool scaled = b.size() > 1, moved = b.size() > 2;
    dispatch_floating(b.gradient_value().dtype(), [&]<class T>() {
      const Variable x = b.input(0), scale = scaled ? b.input(1) : Variable();
      Tensor dx = Tensor::empty(b.shape(0), dtype_of<T>()), d_scale, d_offset;
      if (scaled) d_scale = Tensor::empty(b.shape(1), dtype_of<T>());
      if (moved) d_offset = Tensor::empty(b.shape(2), dtype_of<T>());
      normalize_back(kind_.sizes, kind_.centered,
                     Normalized<T>{x.value().raw<T>(), b.saved(0).raw<T>(), b.saved(1).raw<T>(),
                                   scaled ? scale.value().raw<T>() : nullptr, nullptr, kind_.epsilon},
                     b.gradient_value().raw<T>(), dx.raw<T>(), scaled ? d_scale.raw<T>() : nullptr,
                     moved ? d_offset.raw<T>() : nullptr);
      if (b.needs(0)) b.give(0, std::move(dx));
      if (scaled && b.needs(1)) b.give(1, std::move(d_scale));
      if (moved && b.needs(2)) b.give(2, std::move(d_offset));
    });
  }

 private:
  Variable composed(std::span<const Variable> operands) const {
    const Groups& s = kind_.sizes;
    const Variable x = grouped(s, operands[0]);
    const auto channels = [&](std::size_t i) {
      return i < operands.size() ? reshape(operands[i], {s.groups, s.width}) : Variable();
    };
    return reshape(normalized(x, moments_of(kind_, x), kind_.epsilon, channels(1), channels(2)),
                   operands[0].shape().dims());
  }

  Normalization kind_;
  Tensor mean_, variance_;
};

// A mean or a variance of x that is known already; its gradient is that of the same made of ops.
class KnownStatistic : public Op {
 public:
  enum class Which : std::uint8_t { mean, variance };
  KnownStatistic(const Normalization& kind, Which which, Tensor value)
      : kind_(kind), which_(which), value_(std::move(value)) {}
  std::string_view name() const override { return which_ == Which::mean ? "batch_mean" : "batch_variance"; }
  Shape infer_shape(const Call& /*call*/) const override { return value_.shape(); }
  void forward(Forward& forward) const override { forward.give(value_); }
  void vjp(Backward& b) const override {
    backward_through(b, [this](const Variable& x) {
      const Moments moments = moments_of(kind_, grouped(kind_.sizes, x));
      return reshape(which_ == Which::mean ? moments.mean : moments.variance, value_.shape().dims());
    });
  }

 private:
  Normalization kind_;
  Which which_;
  Tensor value_;
};

Variable apply_groups(NormalizeGroups op, const Variable& x, const Variable& scale, const Variable& offset) {
  if (!scale.defined()) return apply(std::move(op), {x});
  if (!offset.defined()) return apply(std::move(op), {x, scale});
  return apply(std::move(op), {x, scale, offset});
}

// Operands: x, shift, factor, offset.
class AffineChannels : public Op {
 public:
  explicit AffineChannels(std::string_view name) : name_(name) {}
  std::string_view name() const override { return name_; }
  Shape infer_shape(const Call& call) const override { return call.shape(0); }
  void forward(Forward& forward) const override {
    Tensor& y = forward.output();
    const std::int64_t channels = y.shape().back();
    dispatch_floating(y.dtype(), [&]<class T>() {
      channel_affine(y.size() / channels, channels, forward.value(0).raw<T>(), forward.value(1).raw<T>(),
                     forward.value(2).raw<T>(), forward.value(3).raw<T>(), y.raw<T>());
    });
  }
  void vjp(Backward& b) const override {
    if (b.create_graph()) {
      backward_through(
          b, [](std::span<const Variable> v) { return add(multiply(subtract(v[0], v[1]), v[2]), v[3]); });
      return;
    }
    dispatch_floating(b.gradient_value().dtype(), [&]<class T>() {
      const Tensor& g = b.gradient_value();
      const std::int64_t channels = g.shape().back(), rows = g.size() / channels;
      const Variable factor = b.input(2);
      if (b.needs(0)) {
        Tensor dx = Tensor::empty(g.shape(), g.dtype());
        const Tensor zeros = Tensor::zeros({channels}, g.dtype());
        channel_affine(rows, channels, g.raw<T>(), zeros.raw<T>(), factor.value().raw<T>(), zeros.raw<T>(),
                       dx.raw<T>());
        b.give(0, std::move(dx));
      }
      if (!b.needs(1) && !b.needs(2) && !b.needs(3)) return;
      const Variable x = b.input(0), shift = b.input(1);
      PoolVector<double> sums(static_cast<std::size_t>(2 * channels));
      channel_sums(rows, channels, g.raw<T>(), x.value().raw<T>(), shift.value().raw<T>(), sums.data(),
                   sums.data() + channels);
      Tensor sum = Tensor::empty({channels}, g.dtype()), products = Tensor::empty({channels}, g.dtype());
      for (std::int64_t c = 0; c < channels; ++c) {
        sum.raw<T>()[c] = static_cast<T>(sums[static_cast<std::size_t>(c)]);
        products.raw<T>()[c] = static_cast<T>(sums[static_cast<std::size_t>(channels + c)]);
      }
      if (b.needs(1)) {
        Tensor d_shift = Tensor::empty({channels}, g.dtype());
        std::transform(sum.raw<T>(), sum.raw<T>() + channels, factor.value().raw<T>(), d_shift.raw<T>(),
                       [](T total, T by) { return -total * by; });
        b.give(1, std::move(d_shift));
      }
      if (b.needs(2)) b.give(2, std::move(products));
      if (b.needs(3)) b.give(3, std::move(sum));
    });
  }

 private:
  std::string_view name_;
};

class AveragePositions : public Op {
 public:
  AveragePositions(std::string_view name, bool keepdims) : name_(name), keepdims_(keepdims) {}
  std::string_view name() const override { return name_; }
  Shape infer_shape(const Call& call) const override {
    const Shape& x = call.shape(0);
    if (!keepdims_) return {x[0], x.back()};
    Dims dims(x.dims().size(), 1);
    dims[0] = x[0];
    dims[dims.size() - 1] = x.back();
    return Shape(std::move(dims));
  }
  void forward(Forward& forward) const override {
    const Shape& x = forward.shape(0);
    dispatch_floating(forward.output_dtype(), [&]<class T>() {
      channel_means(x[0], x.elements() / x[0] / x.back(), x.back(), forward.value(0).raw<T>(),
                    forward.output().raw<T>());
    });
  }
  void vjp(Backward& b) const override {
    const Shape& x = b.shape(0);
    if (b.create_graph()) {
      Dims dims(x.dims().size(), 1);
      dims[0] = x[0];
      dims[dims.size() - 1] = x.back();
      const double share = static_cast<double>(x[0] * x.back()) / static_cast<double>(x.elements());
      return b.give(0, broadcast_to(multiply(reshape(b.gradient(), dims), share), x));
    }
    dispatch_floating(b.gradient_value().dtype(), [&]<class T>() {
      Tensor dx = Tensor::empty(x, dtype_of<T>());
      spread_means(x[0], x.elements() / x[0] / x.back(), x.back(), b.gradient_value().raw<T>(), dx.raw<T>());
      b.give(0, std::move(dx));
    });
  }

 private:
  std::string_view name_;
  bool keepdims_;
};

}  // namespace

Variable average_positions(std::string_view name, const Variable& x, bool keepdims) {
  return apply(AveragePositions(name, keepdims), {x});
}

Groups trailing_groups(const Shape& x, const Dims& axes) {
  Groups result;
  const std::size_t first = x.dims().size() - axes.size();
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (axes[i] != static_cast<std::int64_t>(first + i)) return {.width = 0};
    result.width *= x[first + i];
  }
  for (std::size_t i = 0; i < first; ++i) result.batch *= x[i];
  return result;
}

Variable normalized_groups(const Normalization& kind, const Variable& x, const Variable& scale,
                           const Variable& offset) {
  return apply_groups({kind, {}, {}}, x, scale, offset);
}

Variable normalized_groups(const Normalization& kind, const Variable& x, const Variable& scale,
                           const Variable& offset, GroupStatistics& statistics) {
  Tensor mean = Tensor::empty({kind.sizes.statistics()}, x.dtype());
  Tensor variance = Tensor::empty(mean.shape(), mean.dtype());
  dispatch_floating(x.dtype(), [&]<class T>() {
    group_moments(kind.sizes, kind.centered, x.value().raw<T>(), mean.raw<T>(), variance.raw<T>());
  });
  statistics.mean = apply(KnownStatistic(kind, KnownStatistic::Which::mean, mean), {x});
  statistics.variance = apply(KnownStatistic(kind, KnownStatistic::Which::variance, variance), {x});
  return apply_groups({kind, std::move(mean), std::move(variance)}, x, scale, offset);
}

Variable affine_channels(std::string_view name, const Variable& x, const Variable& shift,
                         const Variable& factor, const Variable& offset) {
  return apply(AffineChannels(name), {x, shift, factor, offset});
}

}  // namespace gradus::kernels
