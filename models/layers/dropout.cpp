#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/models/layers/dropout.h>
#include <gradus/ops/elementwise.h>

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
    Tensor mask = random().bernoulli(mask_shape(x.shape()), 1 - rate_, x.dtype());
    const double scale = rate_ == 1 ? 0 : 1 / (1 - rate_);
    dispatch_floating(mask.dtype(), [&]<class T>() {
      for (T *value = mask.raw<T>(), *end = value + mask.size(); value != end; ++value) {
        *value *= static_cast<T>(scale);
      }
    });
    return multiply(x, Operand(mask, x.where()));
  }

  Shape output_shape(const Shape& input) override { return input; }

 private:
  Shape mask_shape(const Shape& x) const {
    if (noise_shape_.empty()) return x;
    Dims dims = x.dims();
    bool fits = dims.size() == noise_shape_.size();
    for (std::size_t axis = 0; fits && axis < dims.size(); ++axis) {
      const std::int64_t wanted = noise_shape_[axis];
      fits = wanted == 1 || wanted == -1 || wanted == dims[axis];
      if (wanted == 1) dims[axis] = 1;
    }
    if (!fits) {
      throw ShapeError(name() + ": noise_shape " + to_string(noise_shape_) + " does not fit the input " +
                       to_string(x));
    }
    return Shape(std::move(dims));
  }

  double rate_;
  Axes noise_shape_;
};

}  // namespace

Dropout::Dropout(double rate, DropoutOptions options)
    : Layer(std::make_shared<DropoutKind>(rate, std::move(options)), "Dropout") {}

}  // namespace gradus
