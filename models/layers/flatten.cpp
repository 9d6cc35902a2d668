#include <gradus/models/layers/flatten.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

struct FlattenKind : Layer::Kind {
  using Kind::Kind;

  Variable call(const Operand& x, CallOptions) override {
    const Shape shape = x.shape();
    const Shape sample = Shape(std::span(shape.begin() + 1, shape.end()));
    return reshape(x, Dims{shape[0], sample.elements()});
  }
  Shape output_shape(const Shape& input) override { return {input.elements()}; }
};

}  // namespace

Flatten::Flatten(LayerOptions options)
    : Layer(std::make_shared<FlattenKind>(std::move(options)), "Flatten") {}

}  // namespace gradus
