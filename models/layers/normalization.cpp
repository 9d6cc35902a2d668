#include <gradus/graph/error.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/normalization.h>
#include <gradus/models/layers/same_shape.h>
#include <gradus/models/layers/sample_axes.h>
#include <gradus/models/layers/tensor_field.h>
#include <gradus/models/sample_shape.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>

#include <algorithm>

namespace gradus {

template <>
inline constexpr auto kFields<NormalizationOptions> = std::tuple(
    field("axis", &NormalizationOptions::axis), field("mean", &NormalizationOptions::mean),
    field("variance", &NormalizationOptions::variance), field("invert", &NormalizationOptions::invert));

namespace {

constexpr double kEpsilon = 1e-7;

class NormalizationKind : public SameShape {
 public:
  explicit NormalizationKind(NormalizationOptions options)
      : SameShape(common_options(options)), options_(std::move(options)) {
    if (options_.mean.defined() != options_.variance.defined()) {
      throw ValueError("Normalization: give mean and variance, or neither");
    }
    if (!options_.mean.defined()) return;
    if (options_.mean.shape() != options_.variance.shape()) {
      throw ValueError("Normalization: mean is " + to_string(options_.mean.shape()) + ", variance is " +
                       to_string(options_.variance.shape()));
    }
    if (options_.mean.rank() > static_cast<int>(options_.axis.size())) {
      throw ValueError("Normalization: mean is " + to_string(options_.mean.shape()) + " for " +
                       std::to_string(options_.axis.size()) + " axes");
    }
  }

  void build(const Shape& input) override {
    axes_ = sample_axes(*this, options_.axis, input);
    kept_ = extents_along(axes_, input);
    if (!given()) {
      mean_ = add_weight("mean", kept_, {.initializer = "zeros", .trainable = false});
      variance_ = add_weight("variance", kept_, {.initializer = "ones", .trainable = false});
      return;
    }
    const BroadcastShape both = broadcast_shapes(options_.mean.shape(), kept_);
    if (!both.ok || both.shape != kept_) {
      throw ShapeError(name() + ": mean and variance are " + to_string(options_.mean.shape()) +
                       ", the input's axes are " + to_string(kept_));
    }
  }

  Variable call(const Operand& x, CallOptions) override {
    const DType type = is_floating(x.dtype()) ? x.dtype() : dtype();
    const Operand values = x.dtype() == type ? x : Operand(cast(x, type), x.where());
    const Operand mean(spread(given() ? options_.mean : mean_.value(), x, type), x.where());
    const Tensor variance = spread(given() ? options_.variance : variance_.value(), x, type);
    const Operand deviation(maximum(sqrt(variance), kEpsilon).value(), x.where());
    if (options_.invert) return add(mean, Operand(multiply(values, deviation), x.where()));
    return divide(Operand(subtract(values, mean), x.where()), deviation);
  }

  Shape output_shape(const Shape& input) override {
    require_fitting(input);
    return input;
  }

  void adapt(const Tensor& data) {
    require_fitting(sample_shape(data.shape()));
    const Axes others = reduced(data.rank());
    const Tensor values = data.cast(is_floating(data.dtype()) ? data.dtype() : dtype());
    // Both are computed before either is kept.
    const Tensor mean = gradus::mean(values, {.axis = others}).value().cast(dtype());
    const Tensor variance = var(values, {.axis = others}).value().cast(dtype());
    mean_.assign(mean);
    variance_.assign(variance);
  }

  bool given() const { return options_.mean.defined(); }
  Config get_config() const override { return options_config(options_); }

 private:
  void require_fitting(const Shape& sample) const {
    const Shape kept = extents_along(sample_axes(*this, options_.axis, sample), sample);
    if (!built() || kept == kept_) return;
    throw ShapeError(name() + ": Normalization was built for axes of extents " + to_string(kept_) +
                     ", its input is " + batch_text(sample));
  }
  // The axes that are not kept apart.
  Axes reduced(int rank) const {
    std::vector<std::int64_t> others;
    for (std::int64_t i = 0; i < rank; ++i) {
      if (std::find(axes_.begin(), axes_.end(), i) == axes_.end()) others.push_back(i);
    }
    return Axes(std::span<const std::int64_t>(others));
  }
  // In x's dtype and rank, so that it broadcasts to x.
  Tensor spread(const Tensor& value, const Operand& x, DType type) const {
    Dims dims(static_cast<std::size_t>(x.rank()), 1);
    for (std::int64_t i = 1; i <= value.rank(); ++i) {
      dims[static_cast<std::size_t>(axes_[axes_.size() - static_cast<std::size_t>(i)])] = value.dim(-i);
    }
    return value.cast(type).reshape(dims);
  }

  NormalizationOptions options_;
  Axes axes_;
  Shape kept_;
  Parameter mean_;
  Parameter variance_;
};

}  // namespace

Normalization::Normalization(NormalizationOptions options)
    : Layer(std::make_shared<NormalizationKind>(std::move(options)), "Normalization") {}

Normalization Normalization::from_config(const Config& config) {
  return layer_from<Normalization, NormalizationOptions>(config, "Normalization");
}

void Normalization::adapt(const Tensor& data) const {
  NormalizationKind& kind = as<NormalizationKind>();
  data.require_defined();
  if (kind.given()) throw StateError("adapt: '" + name() + "' was given its mean and variance");
  if (data.rank() == 0) throw ShapeError("adapt: '" + name() + "' needs a batch of samples, got a scalar");
  if (data.size() == 0) {
    throw ValueError("adapt: '" + name() + "' needs samples, the data is " + to_string(data.shape()));
  }
  build(sample_shape(data.shape()));
  kind.adapt(data);
}

}  // namespace gradus
