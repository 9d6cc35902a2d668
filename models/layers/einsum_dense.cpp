#include <gradus/graph/error.h>
#include <gradus/models/layers/activity.h>
#include <gradus/models/layers/einsum_dense.h>
#include <gradus/models/layers/einsum_equation.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/layer_weight.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/linalg.h>

namespace gradus {

template <>
inline constexpr auto kFields<EinsumDenseOptions> =
    std::tuple(field("activation", &EinsumDenseOptions::activation),
               field("kernel_initializer", &EinsumDenseOptions::kernel_initializer),
               field("bias_initializer", &EinsumDenseOptions::bias_initializer),
               field("kernel_regularizer", &EinsumDenseOptions::kernel_regularizer),
               field("bias_regularizer", &EinsumDenseOptions::bias_regularizer),
               field("activity_regularizer", &EinsumDenseOptions::activity_regularizer),
               field("kernel_constraint", &EinsumDenseOptions::kernel_constraint),
               field("bias_constraint", &EinsumDenseOptions::bias_constraint),
               field("bias_axes", &EinsumDenseOptions::bias_axes));

namespace {

class EinsumDenseKind : public Layer::Kind {
 public:
  EinsumDenseKind(std::string_view equation, const Dims& output_shape, EinsumDenseOptions options)
      : Kind(common_options(options)),
        equation_(equation),
        output_shape_(output_shape),
        options_(std::move(options)) {}

  void build(const Shape& input) override {
    const EinsumEquation::Shapes found = shapes(input);
    kernel_ = add_weight("kernel", found.kernel,
                         {.initializer = options_.kernel_initializer,
                          .regularizer = options_.kernel_regularizer,
                          .constraint = options_.kernel_constraint});
    if (options_.bias_axes.empty()) return;
    bias_ = add_weight("bias", found.bias,
                       {.initializer = options_.bias_initializer,
                        .regularizer = options_.bias_regularizer,
                        .constraint = options_.bias_constraint});
  }

  Variable call(const Operand& x, CallOptions) override {
    Variable y = einsum(equation_.text(), {x, Operand(kernel_, x.where())});
    if (bias_.defined()) y = add(Operand(std::move(y), x.where()), Operand(bias_, x.where()));
    return activated(options_, std::move(y), x);
  }

  Shape output_shape(const Shape& input) override {
    EinsumEquation::Shapes found = shapes(input);
    if (built() && found.kernel != kernel_.shape()) {
      throw ShapeError(name() + ": EinsumDense has a kernel of " + to_string(kernel_.shape()) +
                       ", this input asks for " + to_string(found.kernel));
    }
    return found.output;
  }

  Config get_config() const override {
    Config config = Config().set("equation", equation_.text());
    config.set("output_shape", std::vector<std::int64_t>(output_shape_.begin(), output_shape_.end()));
    return with_options(std::move(config), options_);
  }

 private:
  EinsumEquation::Shapes shapes(const Shape& input) const {
    try {
      return equation_.shapes(input, output_shape_, options_.bias_axes);
    } catch (const ShapeError& error) {
      throw ShapeError(name() + ": " + error.what());
    } catch (const ValueError& error) {
      throw ValueError(name() + ": " + error.what());
    }
  }

  EinsumEquation equation_;
  Dims output_shape_;
  EinsumDenseOptions options_;
  Parameter kernel_;
  Parameter bias_;
};

}  // namespace

EinsumDense::EinsumDense(std::string_view equation, const Axes& output_shape, EinsumDenseOptions options)
    : Layer(std::make_shared<EinsumDenseKind>(equation, output_shape, std::move(options)), "EinsumDense") {}

EinsumDense EinsumDense::from_config(const Config& config) {
  return layer_from<EinsumDense, EinsumDenseOptions, std::string, Axes>(config, "EinsumDense", "equation",
                                                                        "output_shape");
}

Parameter EinsumDense::kernel() const { return layer_weight(*this, "kernel"); }
Parameter EinsumDense::bias() const { return layer_weight(*this, "bias"); }

}  // namespace gradus
