#include <gradus/graph/error.h>
#include <gradus/models/layers/lambda.h>
#include <gradus/models/layers/layer_fields.h>

namespace gradus {

namespace {

class LambdaKind : public Layer::Kind {
 public:
  LambdaKind(std::function<Variable(const Operand&)> function, LambdaOptions options)
      : Kind(common_options(options)),
        function_(std::move(function)),
        output_shape_(std::move(options.output_shape)) {
    if (!function_) throw ValueError("Lambda: the function is empty");
  }

  Variable call(const Operand& x, CallOptions) override { return function_(x); }
  Shape output_shape(const Shape& input) override {
    return output_shape_.rank() == 0 ? Kind::output_shape(input) : output_shape_;
  }
  Config get_config() const override {
    throw StateError("get_config: '" + name() + "' cannot be described: a Lambda holds a function");
  }

 private:
  std::function<Variable(const Operand&)> function_;
  Shape output_shape_;
};

}  // namespace

Lambda::Lambda(std::function<Variable(const Operand&)> function, LambdaOptions options)
    : Layer(std::make_shared<LambdaKind>(std::move(function), std::move(options)), "Lambda") {}

}  // namespace gradus
