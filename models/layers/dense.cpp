#include <gradus/graph/error.h>
#include <gradus/models/layers/dense.h>
#include <gradus/ops/linalg.h>

namespace gradus {

namespace {

class DenseKind : public Layer::Kind {
 public:
  DenseKind(std::int64_t units, DenseOptions options)
      : Kind({options.input_shape, options.input_dim, options.name, options.trainable, options.dtype,
              options.seed}),
        units_(units),
        options_(std::move(options)) {
    if (units < 1) throw ValueError("Dense: units must be positive, got " + std::to_string(units));
  }

  void build(const Shape& input) override {
    if (input.rank() == 0) {
      throw ShapeError(name() + ": Dense needs samples with features, [batch, ..., in]; each is a scalar");
    }
    kernel = add_weight("kernel", {input.back(), units_}, {.initializer = options_.kernel_initializer});
    if (options_.use_bias) bias = add_weight("bias", {units_}, {.initializer = options_.bias_initializer});
  }

  Variable call(const Operand& x, CallOptions) override {
    Variable y = options_.use_bias ? dense(x, Operand(kernel, x.where()), Operand(bias, x.where()))
                                   : dense(x, Operand(kernel, x.where()));
    return options_.activation.linear() ? y : options_.activation(Operand(std::move(y), x.where()));
  }

  Shape output_shape(const Shape& input) override {
    Dims dims = input.dims();
    if (dims.empty()) throw ShapeError(name() + ": Dense needs samples with features");
    dims[dims.size() - 1] = units_;
    return Shape(std::move(dims));
  }

  Parameter kernel;
  Parameter bias;

 private:
  std::int64_t units_;
  DenseOptions options_;
};

}  // namespace

Dense::Dense(std::int64_t units, DenseOptions options)
    : Layer(std::make_shared<DenseKind>(units, std::move(options)), "Dense") {}

const Parameter& Dense::kernel() const {
  const DenseKind& kind = as<DenseKind>();
  if (!kind.built()) throw StateError("kernel: '" + name() + "' is not built yet");
  return kind.kernel;
}

const Parameter& Dense::bias() const {
  const DenseKind& kind = as<DenseKind>();
  if (!kind.bias.defined()) {
    throw StateError("bias: '" + name() + (kind.built() ? "' has no bias" : "' is not built yet"));
  }
  return kind.bias;
}

}  // namespace gradus
