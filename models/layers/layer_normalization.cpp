#include <gradus/graph/error.h>
#include <gradus/models/config/checked_number.h>
#include <gradus/models/layers/layer_normalization.h>
#include <gradus/models/layers/layer_weight.h>
#include <gradus/models/layers/sample_axes.h>
#include <gradus/models/layers/scale_and_shift.h>
#include <gradus/models/sample_shape.h>
#include <gradus/ops/nn.h>

namespace gradus {

using LNOptions = LayerNormalizationOptions;
using GNOptions = GroupNormalizationOptions;
template <>
inline constexpr auto kFields<LNOptions> = std::tuple_cat(std::tuple(field("axis", &LNOptions::axis)),
                                                          scale_and_shift_fields<LNOptions>());
template <>
inline constexpr auto kFields<GNOptions> = std::tuple_cat(std::tuple(field("groups", &GNOptions::groups),
                                                                     field("axis", &GNOptions::axis)),
                                                          scale_and_shift_fields<GNOptions>());
template <>
inline constexpr auto kFields<RMSNormalizationOptions> = std::tuple(
    field("axis", &RMSNormalizationOptions::axis), field("epsilon", &RMSNormalizationOptions::epsilon));
template <>
inline constexpr auto kFields<UnitNormalizationOptions> = std::tuple(field("axis",
                                                                           &UnitNormalizationOptions::axis));

namespace {

void require_axes(std::string_view owner, const Axes& axes) {
  if (axes.empty()) throw ValueError(std::string(owner) + ": axis is empty");
}

class LayerNormalizationKind : public ScaleAndShift<LNOptions> {
 public:
  explicit LayerNormalizationKind(LNOptions given) : ScaleAndShift(std::move(given)) {
    number_from_zero("LayerNormalization", "epsilon", options().epsilon);
    require_axes("LayerNormalization", options().axis);
  }

  void build(const Shape& input) override {
    axes_ = sample_axes(*this, options().axis, input);
    add_gamma_and_beta(extents_along(axes_, input));
  }
  Variable call(const Operand& x, CallOptions) override {
    return layer_normalization(x, gamma(x), beta(x), {.axis = axes_, .epsilon = options().epsilon});
  }
  Shape output_shape(const Shape& input) override {
    sample_axes(*this, options().axis, input);
    return input;
  }

 private:
  Axes axes_;
};

class GroupNormalizationKind : public ScaleAndShift<GNOptions> {
 public:
  explicit GroupNormalizationKind(GNOptions given) : ScaleAndShift(std::move(given)) {
    number_from_zero("GroupNormalization", "epsilon", options().epsilon);
    if (options().groups != -1 && options().groups < 1) {
      throw ValueError("GroupNormalization: groups must be positive or -1, got " +
                       std::to_string(options().groups));
    }
  }

  void build(const Shape& input) override {
    output_shape(input);
    add_gamma_and_beta(extents_along(sample_axis(*this, options().axis, input), input));
  }
  Variable call(const Operand& x, CallOptions) override {
    return group_normalization(
        x, gamma(x), beta(x),
        {.groups = options().groups, .axis = options().axis, .epsilon = options().epsilon});
  }
  Shape output_shape(const Shape& input) override {
    const std::int64_t axis = sample_axis(*this, options().axis, input);
    const std::int64_t channels = input[static_cast<std::size_t>(axis - 1)];
    if (options().groups != -1 && channels % options().groups != 0) {
      throw ShapeError(name() + ": " + std::to_string(channels) + " channels do not fall into " +
                       std::to_string(options().groups) + " groups");
    }
    return input;
  }
};

class RMSNormalizationKind : public Layer::Kind {
 public:
  explicit RMSNormalizationKind(RMSNormalizationOptions options)
      : Kind(common_options(options)), options_(std::move(options)) {
    number_from_zero("RMSNormalization", "epsilon", options_.epsilon);
    require_axes("RMSNormalization", options_.axis);
  }

  void build(const Shape& input) override {
    axes_ = sample_axes(*this, options_.axis, input);
    scale_ = add_weight("scale", extents_along(axes_, input), {.initializer = "ones"});
  }
  Variable call(const Operand& x, CallOptions) override {
    return rms_normalization(x, Operand(scale_, x.where()), {.axis = axes_, .epsilon = options_.epsilon});
  }
  Shape output_shape(const Shape& input) override {
    sample_axes(*this, options_.axis, input);
    return input;
  }
  Config get_config() const override { return options_config(options_); }

 private:
  RMSNormalizationOptions options_;
  Axes axes_;
  Parameter scale_;
};

class UnitNormalizationKind : public SameShape {
 public:
  explicit UnitNormalizationKind(UnitNormalizationOptions options)
      : SameShape(common_options(options)), options_(std::move(options)) {
    require_axes("UnitNormalization", options_.axis);
  }

  Variable call(const Operand& x, CallOptions) override {
    return l2_normalize(x, {.axis = sample_axes(*this, options_.axis, sample_shape(x.shape()))});
  }
  Shape output_shape(const Shape& input) override {
    sample_axes(*this, options_.axis, input);
    return input;
  }
  Config get_config() const override { return options_config(options_); }

 private:
  UnitNormalizationOptions options_;
};

}  // namespace

LayerNormalization::LayerNormalization(LNOptions options)
    : Layer(std::make_shared<LayerNormalizationKind>(std::move(options)), "LayerNormalization") {}
GroupNormalization::GroupNormalization(GNOptions options)
    : Layer(std::make_shared<GroupNormalizationKind>(std::move(options)), "GroupNormalization") {}
RMSNormalization::RMSNormalization(RMSNormalizationOptions options)
    : Layer(std::make_shared<RMSNormalizationKind>(std::move(options)), "RMSNormalization") {}
UnitNormalization::UnitNormalization(UnitNormalizationOptions options)
    : Layer(std::make_shared<UnitNormalizationKind>(std::move(options)), "UnitNormalization") {}

LayerNormalization LayerNormalization::from_config(const Config& config) {
  return layer_from<LayerNormalization, LNOptions>(config, "LayerNormalization");
}
GroupNormalization GroupNormalization::from_config(const Config& config) {
  return layer_from<GroupNormalization, GNOptions>(config, "GroupNormalization");
}
RMSNormalization RMSNormalization::from_config(const Config& config) {
  return layer_from<RMSNormalization, RMSNormalizationOptions>(config, "RMSNormalization");
}
UnitNormalization UnitNormalization::from_config(const Config& config) {
  return layer_from<UnitNormalization, UnitNormalizationOptions>(config, "UnitNormalization");
}

Parameter LayerNormalization::gamma() const { return layer_weight(*this, "gamma"); }
Parameter LayerNormalization::beta() const { return layer_weight(*this, "beta"); }
Parameter GroupNormalization::gamma() const { return layer_weight(*this, "gamma"); }
Parameter GroupNormalization::beta() const { return layer_weight(*this, "beta"); }
Parameter RMSNormalization::scale() const { return layer_weight(*this, "scale"); }

}  // namespace gradus
