#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>
#include <gradus/models/config/checked_number.h>
#include <gradus/models/layers/batch_normalization.h>
#include <gradus/models/layers/layer_weight.h>
#include <gradus/models/layers/sample_axes.h>
#include <gradus/models/layers/scale_and_shift.h>
#include <gradus/models/training/step_record.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/nn.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>

namespace gradus {

using BNOptions = BatchNormalizationOptions;
template <>
inline constexpr auto kFields<BNOptions> =
    std::tuple_cat(std::tuple(field("axis", &BNOptions::axis), field("momentum", &BNOptions::momentum)),
                   scale_and_shift_fields<BNOptions>(),
                   std::tuple(field("moving_mean_initializer", &BNOptions::moving_mean_initializer),
                              field("moving_variance_initializer", &BNOptions::moving_variance_initializer)));

namespace {

constexpr double kEpsilon = 1e-7;  // what Keras adds to the number of kept values

struct Statistics {
  Variable mean, variance;
};

class BatchNormalizationKind : public ScaleAndShift<BNOptions> {
 public:
  explicit BatchNormalizationKind(BNOptions given) : ScaleAndShift(std::move(given)) {
    number_from_zero("BatchNormalization", "epsilon", options().epsilon);
    const double momentum = options().momentum;
    if (!(momentum >= 0 && momentum <= 1)) {
      throw bad_number("BatchNormalization", "momentum", "in [0, 1]", momentum);
    }
  }

  void build(const Shape& input) override {
    const std::int64_t axis = sample_axis(*this, options().axis, input);
    const Shape channels = extents_along(axis, input);
    add_gamma_and_beta(channels);
    mean_ = add_weight("moving_mean", channels,
                       {.initializer = options().moving_mean_initializer, .trainable = false});
    variance_ = add_weight("moving_variance", channels,
                           {.initializer = options().moving_variance_initializer, .trainable = false});
  }

  Variable call(const Operand& x, CallOptions call) override {
    if (!call.training || !trainable()) {
      return normalized(x, Operand(mean_.value(), x.where()), Operand(variance_.value(), x.where()));
    }
    if (!call.mask.empty() && call.mask.front().defined()) {
      const Statistics kept = statistics(x, call.mask.front());
      keep(kept.mean, kept.variance);
      return normalized(x, Operand(kept.mean, x.where()), Operand(kept.variance, x.where()));
    }
    const NormalizedBatch batch = batch_normalization_training(
        x, gamma(x), beta(x), {.axis = options().axis, .epsilon = options().epsilon});
    if (x.shape().elements() > 0) keep(batch.mean, batch.variance);
    return batch.output;
  }

  Shape output_shape(const Shape& input) override {
    const std::int64_t axis = sample_axis(*this, options().axis, input);
    const std::int64_t channels = input[static_cast<std::size_t>(axis - 1)];
    if (built() && channels != mean_.shape()[0]) {
      throw ShapeError(name() + ": BatchNormalization was built for " + std::to_string(mean_.shape()[0]) +
                       " channels, its input has " + std::to_string(channels));
    }
    return input;
  }

 private:
  Variable normalized(const Operand& x, const Operand& mean, const Operand& variance) const {
    return batch_normalization(
        x, mean, variance,
        {.axis = options().axis, .offset = beta(x), .scale = gamma(x), .epsilon = options().epsilon});
  }

  // Of the values that the mask [batch, ...] keeps; it has all axes but the last.
  Statistics statistics(const Operand& x, const Tensor& mask) const {
    const Shape shape = x.shape();
    if (mask.shape() != Shape(std::span(shape.begin(), shape.end() - 1))) {
      throw ShapeError(name() + ": the mask of " + to_string(shape) +
                       " must have all its axes but the last, " + "it is " + to_string(mask.shape()));
    }
    const auto axis = static_cast<std::int64_t>(shape.normalize_axis(options().axis));
    std::vector<std::int64_t> others;
    for (std::int64_t i = 0; i < shape.rank(); ++i) {
      if (i != axis) others.push_back(i);
    }
    const Axes reduced{std::span<const std::int64_t>(others)};
    const Variable kept = broadcast_to(Operand(expand_dims(mask, {.axis = -1}), x.where()), shape);
    const Variable count = sum(cast(kept, x.dtype()), {.axis = reduced, .keepdims = true}) + kEpsilon;
    const auto mean_of_kept = [&](const Operand& values) {
      return sum(where(kept, values, 0), {.axis = reduced, .keepdims = true}) / count;
    };
    const Variable mean = mean_of_kept(x);
    const Variable variance = mean_of_kept(square(subtract(x, mean)));
    const Dims channels = {shape.dim(axis)};
    return {reshape(mean, channels), reshape(variance, channels)};
  }

  void keep(const Variable& mean, const Variable& variance) const {
    const NoGrad guard;
    add_update(mean_, moved(mean_, mean));
    add_update(variance_, moved(variance_, variance));
  }
  Tensor moved(const Parameter& average, const Variable& value) const {
    return add(multiply(latest(average), options().momentum), multiply(value.value(), 1 - options().momentum))
        .value();
  }

  // A layer that is called twice in a step moves on twice.
  static const Tensor& latest(const Parameter& average) {
    if (const StepRecord* record = StepRecord::current()) {
      for (auto update = record->updates.rbegin(); update != record->updates.rend(); ++update) {
        if (&update->first.node() == &average.node()) return update->second;
      }
    }
    return average.value();
  }

  Parameter mean_;
  Parameter variance_;
};

}  // namespace

BatchNormalization::BatchNormalization(BNOptions options)
    : Layer(std::make_shared<BatchNormalizationKind>(std::move(options)), "BatchNormalization") {}

BatchNormalization BatchNormalization::from_config(const Config& config) {
  return layer_from<BatchNormalization, BNOptions>(config, "BatchNormalization");
}

Parameter BatchNormalization::gamma() const { return layer_weight(*this, "gamma"); }
Parameter BatchNormalization::beta() const { return layer_weight(*this, "beta"); }
Parameter BatchNormalization::moving_mean() const { return layer_weight(*this, "moving_mean"); }
Parameter BatchNormalization::moving_variance() const { return layer_weight(*this, "moving_variance"); }

}  // namespace gradus
