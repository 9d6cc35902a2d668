#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/layers/dropout.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/nn.h>

namespace gradus {

namespace {

class DropoutKind : public Layer::Kind {
 public:
  DropoutKind(double rate, DropoutOptions options)
      : Kind({options.input_shape, options.input_dim, options.name, true, {}, options.seed}),
        rate_(rate),
        noise_shape_(std::move(options.noise_shape)) {
    if (!(rate >= 0 && rate <= 1)) {
      throw ValueError("Dropout: rate must be in [0, 1], got " + scalar_text(rate));
    }
  }

  Variable call(const Operand& x, CallOptions options) override {
    if (!options.training || rate_ == 0) return x.variable();
    if (rate_ == 1) return multiply(x, Operand(Tensor::zeros({}, x.dtype()), x.where()));
    return dropout(x, random(), {.rate = rate_, .noise_shape = noise_shape_});
  }

  Shape output_shape(const Shape& input) override { return input; }

 private:
  double rate_;
  Axes noise_shape_;
};

}  // namespace

Dropout::Dropout(double rate, DropoutOptions options)
    : Layer(std::make_shared<DropoutKind>(rate, std::move(options)), "Dropout") {}

}  // namespace gradus
