#pragma once

#include <gradus/graph/row_gradient.h>
#include <gradus/graph/variable.h>
#include <gradus/optim/learning_rate.h>

#include <concepts>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

// What every optimizer can do beside its rule, as in Keras.
struct OptimizerOptions {
  double weight_decay = 0;  // decoupled: w -= w * weight_decay * learning_rate, before the rule
  // At most one of three ways to clip, before the decay.
  std::optional<double> clipnorm = {};         // the most the norm of one parameter's gradient may be
  std::optional<double> clipvalue = {};        // the most the magnitude of one element may be
  std::optional<double> global_clipnorm = {};  // the most the norm of all gradients together may be
  // An exponential moving average of each parameter, taken after each step: the first value, and from then
  // on average = ema_momentum * average + (1 - ema_momentum) * w.
  bool use_ema = false;
  double ema_momentum = 0.99;  // in [0, 1]
  // The parameters take their averages as values after every so many updates, at least 1; else only when
  // `finalize_variable_values` is called, as fit does at its end.
  std::optional<std::int64_t> ema_overwrite_frequency = {};
  // Gradients are divided by it: the loss was multiplied by it (`loss_scale`), lest small ones vanish.
  std::optional<double> loss_scale_factor = {};
  // Gradients are gathered, and every so many steps, at least 2, one update is made from their mean.
  std::optional<std::int64_t> gradient_accumulation_steps = {};
};

// Which parameters the weight decay leaves alone.
struct WeightDecayExclusion {
  Variables var_list = {};
  std::vector<std::string> var_names = {};  // parts of names: "bias" is in "dense/bias"
};

// Changes the parameters of a model along their gradients:
//
//   Adam optimizer({w, b}, {.learning_rate = 3e-4});
//   for (…) {
//     loss.backward();
//     optimizer.step();
//     optimizer.zero_grad();
//   }
//
// A cheap handle: copies share parameters and state, and an Adam kept as an Optimizer stays that Adam. Made
// from a name ("sgd", "adam" and so on; upper and lower case do not matter), from one of the classes SGD,
// Adam, AdamW, Adamax, Nadam, RMSprop, Adagrad, Adadelta, Lion, Ftrl, or from a Kind of one's own. It keeps
// the leaves themselves alive, so no parameter can go missing or change its shape between steps. Not to be
// used by two threads at once.
//
// Every call checks all there is to check before it changes anything.
class Optimizer {
 public:
  class Kind;
  // One value of state, as saved.
  struct NamedState {
    std::string name;
    Tensor value;
  };

  Optimizer(const char* name);         // NOLINT: implicit on purpose; ValueError for an unknown name
  Optimizer(const std::string& name);  // NOLINT
  template <std::derived_from<Kind> K>
  Optimizer(K kind)
      : Optimizer(std::shared_ptr<const Kind>(std::make_shared<K>(std::move(kind)))) {}  // NOLINT
  Optimizer(const Optimizer&) = default;  // also what a move does: no handle is ever empty
  Optimizer& operator=(const Optimizer&) = default;
  ~Optimizer() = default;

  // Takes the parameters and makes all state. Again with the same parameters it does nothing. ValueError for
  // no parameters, a result of an op, a constant, or one parameter twice; DTypeError for integers; StateError
  // when it was built for others (`reset()` first, or make another optimizer).
  void build(const Variables& parameters);
  bool built() const;
  // Forgets parameters and state; the learning rate and what the decay leaves alone stay.
  void reset();

  // What the weight decay leaves alone from now on; a later call replaces an earlier one. StateError once
  // built.
  void exclude_from_weight_decay(const WeightDecayExclusion& excluded);

  // One update from the gradients that backward has left in the parameters. Parameters without one are
  // skipped; StateError when none has one, or before `build`; ValueError where a schedule gives a learning
  // rate that is not finite and at least 0. Gradients stay as they are (clipping works on copies) and NaN in
  // them reaches the parameters.
  void step();
  // The same from given gradients, one for each parameter in the order of `build`; an undefined Tensor skips
  // its parameter. ShapeError, DTypeError unless number, shapes and dtypes agree.
  void apply(const std::vector<Tensor>& gradients);
  void apply(const Variables& gradients);
  // Drops the gradients of the parameters.
  void zero_grad();

  // What holds at the next step.
  double learning_rate() const;
  // A number, or a schedule. ValueError for a number that is not finite and at least 0; StateError for a
  // number where a schedule holds, which would be lost.
  void set_learning_rate(const LearningRate& learning_rate);
  // How many updates were made: with gradient_accumulation_steps the steps divided by it, rounded down.
  std::int64_t iterations() const;
  // What to multiply the loss by before backward: loss_scale_factor, else 1.
  double loss_scale() const;

  // With use_ema the parameters take their averages as values, once a step was made; else nothing happens.
  void finalize_variable_values();
  // Exchanges each parameter's value with its average, for an evaluation in between. StateError without
  // use_ema, or before the first step.
  void swap_averages();

  std::string_view name() const;  // "Adam"
  const Kind& kind() const;
  const Variables& parameters() const;  // StateError before `build`

  // A copy of all state, in Keras's order: iteration (the steps), learning_rate (no schedule), the averages
  // of all parameters ("w_average"), their gathered gradients ("w_gradient_accumulator"), then the values the
  // rule keeps for each parameter ("w_momentum", "w_velocity", …) and for all together. StateError before
  // `build`.
  std::vector<NamedState> variables() const;
  // Writes back what `variables()` gave, in the same order. ShapeError, DTypeError, ValueError unless all of
  // it fits.
  void set_variables(const std::vector<Tensor>& values);

 private:
  struct State;
  explicit Optimizer(std::shared_ptr<const Kind> kind);
  State& require_built(std::string_view caller) const;
  // May replace the Tensors. With `rows`, a parameter whose Tensor is undefined may have a row gradient.
  enum class Rows : std::uint8_t { none, in_leaves };
  void take(std::span<Tensor> gradients, std::string_view caller, Rows rows = Rows::none);
  void update(std::span<Tensor> gradients, double learning_rate, Rows rows);

  std::shared_ptr<State> state_;
};

// A rule by which an optimizer changes one parameter; it holds settings only. Derive from it for a rule of
// one's own:
//
//   struct SignDescent : Optimizer::Kind {
//     std::string_view name() const override { return "SignDescent"; }
//     void update(const Update& u) const override { … u.value.mutable_values<float>() … }
//   };
//   Optimizer optimizer = SignDescent();
class Optimizer::Kind {
 public:
  // A Tensor of the parameter's shape and dtype that the rule keeps for each parameter. `variables()` lists
  // group 0 for all parameters, then group 1, and so on.
  struct Slot {
    std::string_view name = {};
    double initial = 0;
    int group = 0;
  };
  // Everything one update of one parameter sees. The gradient has the value's shape and dtype and is clipped;
  // the decay has been applied.
  struct Update {
    Tensor& value;
    const Tensor& gradient;
    std::span<Tensor> slots;  // as `slots()` lists them
    double learning_rate = 0;
    std::int64_t step = 1;                // 1 at the first update
    std::span<const double> shared = {};  // as `shared()` lists them
  };

  virtual ~Kind() = default;
  virtual std::string_view name() const = 0;
  virtual std::vector<Slot> slots() const { return {}; }
  // Numbers that the rule keeps for all parameters together, and what becomes of them before each update.
  virtual std::vector<Slot> shared() const { return {}; }
  virtual void advance(std::span<double> /*shared*/, std::int64_t /*step*/) const {}
  // Writes the parameter's new value in place. May be called for different parameters in any order.
  virtual void update(const Update& update) const = 0;
  // Whether the rule leaves alone what has no gradient: then a table of which few rows were used is changed
  // by `update_rows`, in those rows. Else the rule gets the whole gradient.
  virtual bool takes_rows() const { return false; }
  virtual void update_rows(Tensor& value, const RowGradient& gradient, double learning_rate) const;

  const LearningRate& learning_rate() const { return learning_rate_; }
  const OptimizerOptions& options() const { return options_; }

 protected:
  // ValueError for a number out of range, or for more than one way to clip; `name` starts its text.
  explicit Kind(LearningRate learning_rate = 0.01, OptimizerOptions options = {},
                std::string_view name = "Optimizer");
  Kind(const Kind&) = default;
  Kind& operator=(const Kind&) = default;

 private:
  LearningRate learning_rate_;
  OptimizerOptions options_;
};

}  // namespace gradus
