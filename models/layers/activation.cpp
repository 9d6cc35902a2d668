#include <gradus/models/layers/activation.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/same_shape.h>

namespace gradus {

namespace {

class ActivationKind : public SameShape {
 public:
  ActivationKind(ActivationFunction activation, LayerOptions options)
      : SameShape(std::move(options)), activation_(std::move(activation)) {}

  Variable call(const Operand& x, CallOptions) override {
    return activation_.linear() ? x.variable() : activation_(x);
  }
  Config get_config() const override { return Config().set("activation", activation_.serialize()); }

 private:
  ActivationFunction activation_;
};

}  // namespace

Activation::Activation(ActivationFunction activation, LayerOptions options)
    : Layer(std::make_shared<ActivationKind>(std::move(activation), std::move(options)), "Activation") {}

Activation Activation::from_config(const Config& config) {
  return layer_from<Activation, LayerOptions, ActivationFunction>(config, "Activation", "activation");
}

}  // namespace gradus
