#include <gradus/graph/error.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/masking.h>
#include <gradus/models/sample_shape.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>

#include <cmath>

namespace gradus {

template <>
inline constexpr auto kFields<MaskingOptions> = std::tuple();

namespace {

class MaskingKind : public Layer::Kind {
 public:
  MaskingKind(double mask_value, const MaskingOptions& options)
      : Kind(common_options(options)), mask_value_(mask_value) {
    if (std::isnan(mask_value)) throw ValueError("Masking: mask_value must be a number, which NaN is not");
  }

  void build(const Shape& input) override { output_shape(input); }

  Variable call(const Operand& x, CallOptions) override {
    output_shape(sample_shape(x.shape()));
    const Variable counts =
        any(Operand(not_equal(x, mask_value_), x.where()), {.axis = -1, .keepdims = true});
    return where(Operand(counts, x.where()), x, 0);
  }

  Shape output_shape(const Shape& input) override {
    if (input.rank() < 2) {
      throw ShapeError(name() + ": Masking needs [batch, time, features], got " + batch_text(input));
    }
    return input;
  }

  bool makes_mask() const override { return true; }
  std::vector<Tensor> output_masks(const std::vector<Operand>& inputs, const std::vector<Tensor>&) override {
    const Operand& x = inputs.front();
    return {any(Operand(not_equal(x, mask_value_), x.where()), {.axis = -1}).value()};
  }

  Config get_config() const override { return Config().set("mask_value", mask_value_); }

 private:
  double mask_value_;
};

}  // namespace

Masking::Masking(double mask_value, MaskingOptions options)
    : Layer(std::make_shared<MaskingKind>(mask_value, options), "Masking") {}

Masking Masking::from_config(const Config& config) {
  return layer_from<Masking, MaskingOptions, double>(config, "Masking", "mask_value");
}

}  // namespace gradus
