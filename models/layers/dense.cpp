#include <gradus/graph/error.h>
#include <gradus/models/layers/activity.h>
#include <gradus/models/layers/dense.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/sample_shape.h>
#include <gradus/ops/linalg.h>

namespace gradus {

template <>
inline constexpr auto kFields<DenseOptions> =
    std::tuple(field("activation", &DenseOptions::activation), field("use_bias", &DenseOptions::use_bias),
               field("kernel_initializer", &DenseOptions::kernel_initializer),
               field("bias_initializer", &DenseOptions::bias_initializer),
               field("kernel_regularizer", &DenseOptions::kernel_regularizer),
               field("bias_regularizer", &DenseOptions::bias_regularizer),
               field("activity_regularizer", &DenseOptions::activity_regularizer),
               field("kernel_constraint", &DenseOptions::kernel_constraint),
               field("bias_constraint", &DenseOptions::bias_constraint));

namespace {

class DenseKind : public Layer::Kind {
 public:
  DenseKind(std::int64_t units, DenseOptions options)
      : Kind(common_options(options)), units_(units), options_(std::move(options)) {
    if (units < 1) throw ValueError("Dense: units must be positive, got " + std::to_string(units));
  }

  void build(const Shape& input) override {
    output_shape(input);
    kernel = add_weight("kernel", {input.back(), units_},
                        {.initializer = options_.kernel_initializer,
                         .regularizer = options_.kernel_regularizer,
                         .constraint = options_.kernel_constraint});
    if (!options_.use_bias) return;
    bias = add_weight("bias", {units_},
                      {.initializer = options_.bias_initializer,
                       .regularizer = options_.bias_regularizer,
                       .constraint = options_.bias_constraint});
  }

  Variable call(const Operand& x, CallOptions) override {
    Variable y = options_.use_bias ? dense(x, Operand(kernel, x.where()), Operand(bias, x.where()))
                                   : dense(x, Operand(kernel, x.where()));
    return activated(options_, std::move(y), x);
  }

  Shape output_shape(const Shape& input) override {
    Dims dims = input.dims();
    if (dims.empty()) {
      throw ShapeError(name() + ": Dense needs samples with features, [batch, ..., in]; each is a scalar");
    }
    if (built() && input.back() != kernel.shape()[0]) {
      throw ShapeError(name() + ": Dense was built for " + std::to_string(kernel.shape()[0]) +
                       " features, its input is " + batch_text(input));
    }
    dims[dims.size() - 1] = units_;
    return Shape(std::move(dims));
  }

  bool supports_masking() const override { return true; }

  Config get_config() const override { return with_options(Config().set("units", units_), options_); }

  Parameter kernel;
  Parameter bias;

 private:
  std::int64_t units_;
  DenseOptions options_;
};

}  // namespace

Dense::Dense(std::int64_t units, DenseOptions options)
    : Layer(std::make_shared<DenseKind>(units, std::move(options)), "Dense") {}

Dense Dense::from_config(const Config& config) {
  return layer_from<Dense, DenseOptions, std::int64_t>(config, "Dense", "units");
}

const Parameter& Dense::kernel() const {
  const DenseKind& kind = as<DenseKind>();
  if (!kind.built()) throw StateError("kernel: '" + name() + "' is not built yet");
  return kind.kernel;
}

const Parameter& Dense::bias() const {
  const DenseKind& kind = as<DenseKind>();
  if (!kind.built() || !kind.bias.defined()) {
    throw StateError("bias: '" + name() + (kind.built() ? "' has no bias" : "' is not built yet"));
  }
  return kind.bias;
}

}  // namespace gradus
