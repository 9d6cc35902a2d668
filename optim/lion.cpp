#include <gradus/optim/check.h>
#include <gradus/optim/elementwise.h>
#include <gradus/optim/lion.h>
#include <gradus/optim/shared_options.h>

namespace gradus {

namespace {

class LionKind : public Optimizer::Kind {
 public:
  explicit LionKind(const LionOptions& options)
      : Kind(options.learning_rate, shared_options(options), "Lion"),
        beta_1_(options.beta_1),
        beta_2_(options.beta_2) {
    check::positive("Lion", "beta_1", beta_1_);  // 0 would leave the momentum without use
    check::fraction("Lion", "beta_1", beta_1_);
    check::fraction("Lion", "beta_2", beta_2_);
  }

  std::string_view name() const override { return "Lion"; }
  std::vector<Slot> slots() const override { return {{.name = "momentum"}}; }
  void update(const Update& u) const override {
    update_elements<1>(u, [&]<class T>() {
      return [rate = static_cast<T>(u.learning_rate), beta_1 = static_cast<T>(beta_1_),
              beta_2 = static_cast<T>(beta_2_), rest_1 = static_cast<T>(1 - beta_1_),
              rest_2 = static_cast<T>(1 - beta_2_)](T& w, T g, T& m) {
        const T way = m * beta_1 + g * rest_1;
        w -= rate * (way > 0 ? 1 : way < 0 ? -1 : way);  // NaN and 0 stay
        m = m * beta_2 + g * rest_2;
      };
    });
  }

 private:
  double beta_1_, beta_2_;
};

}  // namespace

Lion::Lion(LionOptions options) : Optimizer(LionKind(options)) {}

Lion::Lion(const Variables& parameters, LionOptions options) : Lion(options) { build(parameters); }

Lion::Lion(const Variable& parameter, LionOptions options) : Lion(Variables(parameter), options) {}

}  // namespace gradus
