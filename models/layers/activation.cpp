#include <gradus/models/layers/activation.h>

namespace gradus {

namespace {

class ActivationKind : public Layer::Kind {
 public:
  ActivationKind(ActivationFunction activation, LayerOptions options)
      : Kind(std::move(options)), activation_(std::move(activation)) {}

  Variable call(const Operand& x, CallOptions) override {
    return activation_.linear() ? x.variable() : activation_(x);
  }
  Shape output_shape(const Shape& input) override { return input; }

 private:
  ActivationFunction activation_;
};

}  // namespace

Activation::Activation(ActivationFunction activation, LayerOptions options)
    : Layer(std::make_shared<ActivationKind>(std::move(activation), std::move(options)), "Activation") {}

}  // namespace gradus
