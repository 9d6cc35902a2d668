#include <gradus/optim/adadelta.h>
#include <gradus/optim/check.h>
#include <gradus/optim/elementwise.h>
#include <gradus/optim/shared_options.h>

#include <cmath>

namespace gradus {

namespace {

class AdadeltaKind : public Optimizer::Kind {
 public:
  explicit AdadeltaKind(const AdadeltaOptions& options)
      : Kind(options.learning_rate, shared_options(options), "Adadelta"),
        rho_(options.rho),
        epsilon_(options.epsilon) {
    check::below_one("Adadelta", "rho", rho_);
    check::epsilon("Adadelta", epsilon_);
  }

  std::string_view name() const override { return "Adadelta"; }
  std::vector<Slot> slots() const override {
    return {{.name = "accumulated_grad"}, {.name = "accumulated_delta_var"}};
  }
  void update(const Update& u) const override {
    update_elements<2>(u, [&]<class T>() {
      return [rate = static_cast<T>(u.learning_rate), rho = static_cast<T>(rho_),
              rest = static_cast<T>(1 - rho_),
              epsilon = static_cast<T>(epsilon_)](T& w, T g, T& gradients, T& deltas) {
        gradients = rho * gradients + rest * (g * g);
        const T delta = -(std::sqrt(deltas + epsilon) * g / std::sqrt(gradients + epsilon));
        deltas = rho * deltas + rest * (delta * delta);
        w += rate * delta;
      };
    });
  }

 private:
  double rho_, epsilon_;
};

}  // namespace

Adadelta::Adadelta(AdadeltaOptions options) : Optimizer(AdadeltaKind(options)) {}

Adadelta::Adadelta(const Variables& parameters, AdadeltaOptions options) : Adadelta(options) {
  build(parameters);
}

Adadelta::Adadelta(const Variable& parameter, AdadeltaOptions options)
    : Adadelta(Variables(parameter), options) {}

}  // namespace gradus
