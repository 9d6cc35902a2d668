#pragma once

#include <gradus/models/activation_function.h>
#include <gradus/models/layers/placed.h>
#include <gradus/models/layers/recurrent_cell.h>
#include <gradus/models/layers/recurrent_fields.h>

#include <functional>

namespace gradus {

// What the options of all cells have; those that a cell does not have stay as they are here.
struct CellSettings {
  ActivationFunction activation = {};
  ActivationFunction recurrent_activation = "sigmoid";
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer recurrent_initializer = "orthogonal";
  Initializer bias_initializer = "zeros";
  bool unit_forget_bias = false;
  Regularizer kernel_regularizer = {};
  Regularizer recurrent_regularizer = {};
  Regularizer bias_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint recurrent_constraint = {};
  Constraint bias_constraint = {};
  double dropout = 0;
  double recurrent_dropout = 0;
  bool reset_after = false;
};

// A cell of gates: kernel, recurrent_kernel and bias for all of them side by side, and dropout.
class GatedCell : public RecurrentCell {
 public:
  template <class Options>
  GatedCell(std::int64_t units, std::int64_t gates, const Options& options)
      : GatedCell(units, gates, cell_options<CellSettings>(options), common_options(options),
                  [=] { return with_options(Config().set("units", units), options); }) {}

  void build(const Shape& input) override;
  std::vector<std::int64_t> state_sizes() const override { return {units_}; }
  Noise draw(std::int64_t batch, const Shape& input, DType dtype) override;
  std::vector<Variable> call_all(const std::vector<Operand>& inputs, const CallOptions& options) final;
  std::vector<Variable> step(const std::vector<Operand>& inputs, const CallOptions& options,
                             const Noise& noise) final;
  Config get_config() const override { return describe_(); }

 protected:
  // The states after a step from those before.
  virtual std::vector<Variable> states_after(const std::vector<Operand>& inputs, const Noise& noise) = 0;
  virtual Shape bias_shape() const { return {gates_ * units_}; }

  std::int64_t units() const { return units_; }
  const CellSettings& settings() const { return settings_; }
  const Parameter& kernel() const { return kernel_; }
  const Parameter& recurrent_kernel() const { return recurrent_kernel_; }
  const Parameter& bias() const { return bias_; }
  // x [batch, n] times weight [n, gates * units], where each gate may have a mask of its own for x.
  Variable product(const Operand& x, const Parameter& weight, const std::vector<Tensor>& masks) const;
  Variable activate(const Operand& x) const { return applied(settings_.activation, x); }
  Variable activate_gate(const Operand& x) const { return applied(settings_.recurrent_activation, x); }
  // Whether an op that has tanh and the sigmoid built in does what the cell does, with these masks.
  bool fits_op(const Noise& noise) const;
  // x [batch, time, features] without what dropout drops.
  static Variable dropped(const Operand& x, const Noise& noise);

 private:
  GatedCell(std::int64_t units, std::int64_t gates, CellSettings settings, LayerOptions options,
            std::function<Config()> describe);
  static Variable applied(const ActivationFunction& activation, const Operand& x) {
    return activation.linear() ? x.variable() : activation(x);
  }
  std::vector<Tensor> masks(std::int64_t rows, std::int64_t columns, double rate, DType dtype);

  std::int64_t units_;
  std::int64_t gates_;
  CellSettings settings_;
  std::function<Config()> describe_;
  Parameter kernel_;
  Parameter recurrent_kernel_;
  Parameter bias_;
};

}  // namespace gradus
