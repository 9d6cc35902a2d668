#pragma once

#include <gradus/graph/row_gradient.h>
#include <gradus/graph/variable.h>

#include <concepts>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

// What every optimizer can do beside its rule. Of the three ways to clip at most one may be given; clipping
// comes first, then the decay, then the rule.
struct OptimizerOptions {
  double weight_decay = 0;                     // decoupled: w -= w * weight_decay * learning_rate
  std::optional<double> clipnorm = {};         // the most the norm of one parameter's gradient may be
  std::optional<double> clipvalue = {};        // the most the magnitude of one element may be
  std::optional<double> global_clipnorm = {};  // the most the norm of all gradients together may be
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
// from a name ("sgd", "adam", "rmsprop", "adagrad"; upper and lower case do not matter), from one of the
// classes SGD, Adam, RMSprop, Adagrad, or from a Kind of one's own. It keeps the leaves themselves alive, so
// no parameter can go missing or change its shape between steps. Not to be used by two threads at once.
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
  // Forgets parameters and state; the learning rate stays.
  void reset();

  // One update from the gradients that backward has left in the parameters. Parameters without one are
  // skipped; StateError when none has one, or before `build`. Gradients stay as they are (clipping works on
  // copies) and NaN in them reaches the parameters.
  void step();
  // The same from given gradients, one for each parameter in the order of `build`; an undefined Tensor skips
  // its parameter. ShapeError, DTypeError unless number, shapes and dtypes agree.
  void apply(const std::vector<Tensor>& gradients);
  void apply(const Variables& gradients);
  // Drops the gradients of the parameters.
  void zero_grad();

  double learning_rate() const;
  // ValueError unless finite and at least 0.
  void set_learning_rate(double learning_rate);
  // How many updates were made.
  std::int64_t iterations() const;
  std::string_view name() const;  // "Adam"
  const Kind& kind() const;
  const Variables& parameters() const;  // StateError before `build`

  // A copy of all state, in Keras's order: iteration, learning_rate, then the values the rule keeps for each
  // parameter ("w_momentum", "w_velocity", …). StateError before `build`.
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
  void update(std::span<Tensor> gradients, std::string_view caller, Rows rows = Rows::none);

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
    std::int64_t step = 1;  // 1 at the first update
  };

  virtual ~Kind() = default;
  virtual std::string_view name() const = 0;
  virtual std::vector<Slot> slots() const { return {}; }
  // Writes the parameter's new value in place. May be called for different parameters in any order.
  virtual void update(const Update& update) const = 0;
  // Whether the rule leaves alone what has no gradient: then a table of which few rows were used is changed
  // by `update_rows`, in those rows. Else the rule gets the whole gradient.
  virtual bool takes_rows() const { return false; }
  virtual void update_rows(Tensor& value, const RowGradient& gradient, double learning_rate) const;

  double learning_rate() const { return learning_rate_; }
  const OptimizerOptions& options() const { return options_; }

 protected:
  // ValueError for a number out of range, or for more than one way to clip; `name` starts its text.
  explicit Kind(double learning_rate = 0.01, OptimizerOptions options = {},
                std::string_view name = "Optimizer");
  Kind(const Kind&) = default;
  Kind& operator=(const Kind&) = default;

 private:
  double learning_rate_;
  OptimizerOptions options_;
};

}  // namespace gradus
