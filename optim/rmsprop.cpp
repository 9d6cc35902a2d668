#include <gradus/optim/check.h>
#include <gradus/optim/elementwise.h>
#include <gradus/optim/rmsprop.h>
#include <gradus/optim/shared_options.h>

#include <cmath>
#include <tuple>

namespace gradus {

namespace {

class RMSpropKind : public Optimizer::Kind {
 public:
  explicit RMSpropKind(const RMSpropOptions& options)
      : Kind(options.learning_rate, shared_options(options), "RMSprop"),
        rho_(options.rho),
        momentum_(options.momentum),
        epsilon_(options.epsilon),
        centered_(options.centered) {
    check::below_one("RMSprop", "rho", rho_);
    check::fraction("RMSprop", "momentum", momentum_);
    check::epsilon("RMSprop", epsilon_);
  }

  std::string_view name() const override { return "RMSprop"; }
  std::vector<Slot> slots() const override {
    std::vector<Slot> result = {{.name = "velocity"}};
    if (momentum_ != 0) result.push_back({.name = "momentum", .group = 1});
    if (centered_) result.push_back({.name = "average_gradient", .group = 2});
    return result;
  }
  void update(const Update& u) const override {
    if (centered_ && momentum_ != 0) {
      by_rule<true, true>(u);
    } else if (centered_) {
      by_rule<true, false>(u);
    } else if (momentum_ != 0) {
      by_rule<false, true>(u);
    } else {
      by_rule<false, false>(u);
    }
  }

 private:
  template <bool centered, bool with_momentum>
  void by_rule(const Update& u) const {
    update_elements<1 + centered + with_momentum>(u, [&]<class T>() {
      const T rate = static_cast<T>(u.learning_rate), rho = static_cast<T>(rho_);
      const T rest = static_cast<T>(1 - rho_), epsilon = static_cast<T>(epsilon_);
      const T momentum = static_cast<T>(momentum_);
      return [=](T& w, T g, T& v, auto&... more) {
        const auto kept = std::tie(more...);  // the momentum, then the average gradient, where there are
        v = rho * v + rest * (g * g);
        T variance = v;
        if constexpr (centered) {
          T& average = std::get<sizeof...(more) - 1>(kept);
          average = rho * average + rest * g;
          variance -= average * average;
          variance = variance < 0 ? 0 : variance;  // NaN stays
        }
        T step = rate * g / std::sqrt(variance + epsilon);
        if constexpr (with_momentum) step = std::get<0>(kept) = momentum * std::get<0>(kept) + step;
        w -= step;
      };
    });
  }

  double rho_, momentum_, epsilon_;
  bool centered_;
};

}  // namespace

RMSprop::RMSprop(RMSpropOptions options) : Optimizer(RMSpropKind(options)) {}

RMSprop::RMSprop(const Variables& parameters, RMSpropOptions options) : RMSprop(options) {
  build(parameters);
}

RMSprop::RMSprop(const Variable& parameter, RMSpropOptions options)
    : RMSprop(Variables(parameter), options) {}

}  // namespace gradus
