#pragma once

#include <gradus/graph/error.h>
#include <gradus/models/layers/activity.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/spatial.h>
#include <gradus/ops/elementwise.h>

#include <algorithm>
#include <optional>

namespace gradus {

// The options that convolutions share, as fields of a Config.
template <class O>
constexpr auto window_fields() {
  return std::tuple(
      field("strides", &O::strides), field("padding", &O::padding), field("data_format", &O::data_format),
      field("dilation_rate", &O::dilation_rate), field("activation", &O::activation),
      field("use_bias", &O::use_bias), field("bias_initializer", &O::bias_initializer),
      field("bias_regularizer", &O::bias_regularizer),
      field("activity_regularizer", &O::activity_regularizer), field("bias_constraint", &O::bias_constraint));
}
template <class O>
constexpr auto kernel_fields() {
  return std::tuple(field("kernel_initializer", &O::kernel_initializer),
                    field("kernel_regularizer", &O::kernel_regularizer),
                    field("kernel_constraint", &O::kernel_constraint));
}
template <class O>
constexpr auto depthwise_fields() {
  return std::tuple(field("depth_multiplier", &O::depth_multiplier),
                    field("depthwise_initializer", &O::depthwise_initializer),
                    field("depthwise_regularizer", &O::depthwise_regularizer),
                    field("depthwise_constraint", &O::depthwise_constraint));
}

// A layer that slides kernels over images: checks and completes the options of its windows, and adds the
// bias, the activation and its penalty.
template <class Options>
class FilterKind : public ImageKind {
 public:
  FilterKind(std::string_view owner, int axes, const Axes& kernel_size, Options options)
      : ImageKind(common_options(options), axes, options.data_format), options_(std::move(options)) {
    size_ = for_each_axis(owner, "kernel_size", kernel_size, axes);
    options_.strides = for_each_axis(owner, "strides", options_.strides, axes);
    options_.dilation_rate = for_each_axis(owner, "dilation_rate", options_.dilation_rate, axes);
    const auto largest = [](const Axes& numbers) {
      return *std::max_element(numbers.begin(), numbers.end());
    };
    if (largest(options_.strides) > 1 && largest(options_.dilation_rate) > 1) {
      throw ValueError(std::string(owner) + ": strides " + to_string(options_.strides) +
                       " and dilation_rate " + to_string(options_.dilation_rate) + " cannot both be over 1");
    }
  }

  Config get_config() const override {
    return with_options(Config().set("kernel_size", to_config_value(size_)), options_);
  }

 protected:
  const Axes& size() const { return size_; }
  const Options& options() const { return options_; }

  // [size..., a, b]
  Shape kernel_shape(std::int64_t a, std::int64_t b) const {
    std::vector<std::int64_t> dims(size_.begin(), size_.end());
    dims.push_back(a);
    dims.push_back(b);
    return Shape(dims);
  }
  void add_kernel(const Shape& shape) {
    kernel_ = add_weight("kernel", shape,
                         {.initializer = options_.kernel_initializer,
                          .regularizer = options_.kernel_regularizer,
                          .constraint = options_.kernel_constraint});
  }
  void add_depthwise_kernel(std::string_view name, std::int64_t channels) {
    kernel_ = add_weight(name, kernel_shape(channels, options_.depth_multiplier),
                         {.initializer = options_.depthwise_initializer,
                          .regularizer = options_.depthwise_regularizer,
                          .constraint = options_.depthwise_constraint});
  }
  void add_bias(std::int64_t channels) {
    if (!options_.use_bias) return;
    bias_ = add_weight("bias", {channels},
                       {.initializer = options_.bias_initializer,
                        .regularizer = options_.bias_regularizer,
                        .constraint = options_.bias_constraint});
  }
  Operand kernel(const Operand& x) const { return Operand(kernel_, x.where()); }
  std::optional<Operand> bias(const Operand& x) const {
    if (!options_.use_bias) return std::nullopt;
    return Operand(bias_, x.where());
  }
  Variable with_bias(Variable y, const Operand& x) const {
    const std::optional<Operand> added = bias(x);
    if (!added) return y;
    return add(Operand(std::move(y), x.where()), *added);
  }
  Variable finish(Variable y, const Operand& x) override { return activated(options_, std::move(y), x); }

  // ShapeError for an image of other channels than those the layer was built for.
  void require_channels(std::int64_t channels, std::int64_t built_for) const {
    if (!built() || channels == built_for) return;
    throw ShapeError(name() + ": " + class_name() + " was built for " + std::to_string(built_for) +
                     " channels, its input has " + std::to_string(channels));
  }
  const Parameter& kernel_weight() const { return kernel_; }

 private:
  Axes size_;
  Options options_;
  Parameter kernel_;
  Parameter bias_;
};

}  // namespace gradus
