#include <gradus/optim/adagrad.h>
#include <gradus/optim/check.h>
#include <gradus/optim/elementwise.h>
#include <gradus/optim/shared_options.h>

#include <cmath>

namespace gradus {

namespace {

class AdagradKind : public Optimizer::Kind {
 public:
  explicit AdagradKind(const AdagradOptions& options)
      : Kind(options.learning_rate, shared_options(options), "Adagrad"),
        initial_(options.initial_accumulator_value),
        epsilon_(options.epsilon) {
    check::not_negative("Adagrad", "initial_accumulator_value", initial_);
    check::epsilon("Adagrad", epsilon_);
  }

  std::string_view name() const override { return "Adagrad"; }
  std::vector<Slot> slots() const override { return {{.name = "accumulator", .initial = initial_}}; }
  void update(const Update& u) const override {
    update_elements<1>(u, [&]<class T>() {
      return [rate = static_cast<T>(u.learning_rate), epsilon = static_cast<T>(epsilon_)](T& w, T g, T& sum) {
        sum += g * g;
        w -= rate * g / std::sqrt(sum + epsilon);
      };
    });
  }

 private:
  double initial_, epsilon_;
};

}  // namespace

Adagrad::Adagrad(AdagradOptions options) : Optimizer(AdagradKind(options)) {}

Adagrad::Adagrad(const Variables& parameters, AdagradOptions options) : Adagrad(options) {
  build(parameters);
}

Adagrad::Adagrad(const Variable& parameter, AdagradOptions options)
    : Adagrad(Variables(parameter), options) {}

}  // namespace gradus
