#pragma once

#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/same_shape.h>

namespace gradus {

// The options that normalisations share, as fields of a Config.
template <class O>
constexpr auto scale_and_shift_fields() {
  return std::tuple(
      field("epsilon", &O::epsilon), field("center", &O::center), field("scale", &O::scale),
      field("beta_initializer", &O::beta_initializer), field("gamma_initializer", &O::gamma_initializer),
      field("beta_regularizer", &O::beta_regularizer), field("gamma_regularizer", &O::gamma_regularizer),
      field("beta_constraint", &O::beta_constraint), field("gamma_constraint", &O::gamma_constraint));
}

// A normalisation whose result is multiplied by gamma and has beta added, as far as the options `scale` and
// `center` say so.
template <class Options>
class ScaleAndShift : public SameShape {
 public:
  explicit ScaleAndShift(Options options)
      : SameShape(common_options(options)), options_(std::move(options)) {}

  Config get_config() const override { return options_config(options_); }

 protected:
  const Options& options() const { return options_; }
  void add_gamma_and_beta(const Shape& shape) {
    if (options_.scale) {
      gamma_ = add_weight("gamma", shape,
                          {.initializer = options_.gamma_initializer,
                           .regularizer = options_.gamma_regularizer,
                           .constraint = options_.gamma_constraint});
    } else {
      gamma_ = Variable(Tensor::ones(shape, dtype()));
    }
    if (options_.center) {
      beta_ = add_weight("beta", shape,
                         {.initializer = options_.beta_initializer,
                          .regularizer = options_.beta_regularizer,
                          .constraint = options_.beta_constraint});
    } else {
      beta_ = Variable(Tensor::zeros(shape, dtype()));
    }
  }
  Operand gamma(const Operand& x) const { return Operand(gamma_, x.where()); }
  Operand beta(const Operand& x) const { return Operand(beta_, x.where()); }

 private:
  Options options_;
  Variable gamma_;
  Variable beta_;
};

}  // namespace gradus
