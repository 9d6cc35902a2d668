#include <gradus/optim/check.h>
#include <gradus/optim/elementwise.h>
#include <gradus/optim/ftrl.h>
#include <gradus/optim/shared_options.h>

#include <cmath>

namespace gradus {

namespace {

class FtrlKind : public Optimizer::Kind {
 public:
  explicit FtrlKind(const FtrlOptions& options)
      : Kind(options.learning_rate, shared_options(options), "Ftrl"),
        power_(-options.learning_rate_power),
        initial_(options.initial_accumulator_value),
        l1_(options.l1_regularization_strength),
        l2_(options.l2_regularization_strength),
        shrinkage_(options.l2_shrinkage_regularization_strength),
        beta_(options.beta) {
    check::not_positive("Ftrl", "learning_rate_power", options.learning_rate_power);
    check::not_negative("Ftrl", "initial_accumulator_value", initial_);
    check::not_negative("Ftrl", "l1_regularization_strength", l1_);
    check::not_negative("Ftrl", "l2_regularization_strength", l2_);
    check::not_negative("Ftrl", "l2_shrinkage_regularization_strength", shrinkage_);
    check::not_negative("Ftrl", "beta", beta_);
  }

  std::string_view name() const override { return "Ftrl"; }
  std::vector<Slot> slots() const override {
    return {{.name = "accumulator", .initial = initial_}, {.name = "linear"}};
  }
  void update(const Update& u) const override {
    if (u.learning_rate == 0) return;
    update_elements<2>(u, [&]<class T>() {
      return [rate = static_cast<T>(u.learning_rate), power = static_cast<T>(power_),
              l1 = static_cast<T>(l1_), l2 = static_cast<T>(2 * l2_ + beta_ / u.learning_rate),
              shrinkage = static_cast<T>(2 * shrinkage_)](T& w, T g, T& sum, T& linear) {
        const T after = sum + g * g, raised = std::pow(after, power);
        linear += g + shrinkage * w - (raised - std::pow(sum, power)) / rate * w;
        const T divisor = raised / rate + l2;
        const T clipped = linear < -l1 ? -l1 : linear > l1 ? l1 : linear;
        const T beyond = clipped - linear;
        w = beyond == 0 ? 0 : beyond / divisor;  // no 0 / 0 where nothing was gathered yet
        sum = after;
      };
    });
  }

 private:
  double power_, initial_, l1_, l2_, shrinkage_, beta_;
};

}  // namespace

Ftrl::Ftrl(FtrlOptions options) : Optimizer(FtrlKind(options)) {}

Ftrl::Ftrl(const Variables& parameters, FtrlOptions options) : Ftrl(options) { build(parameters); }

Ftrl::Ftrl(const Variable& parameter, FtrlOptions options) : Ftrl(Variables(parameter), options) {}

}  // namespace gradus
