#include <gradus/optim/check.h>
#include <gradus/optim/rmsprop.h>
#include <gradus/optim/shared_options.h>
#include <gradus/optim/sweep.h>

#include <cmath>

namespace gradus {

namespace {

template <class T>
struct Factors {
  T rate, rho, rest, momentum, epsilon;  // rest is 1 - rho
};

// One loop for the four rules: an array that a rule does not keep is not touched.
template <bool centered, bool with_momentum, class T>
void rmsprop(std::size_t count, T* __restrict w, T* __restrict v, T* __restrict m, T* __restrict average,
             const T* __restrict g, Factors<T> f) {
  for (std::size_t i = 0; i < count; ++i) {
    v[i] = f.rho * v[i] + f.rest * (g[i] * g[i]);
    T variance = v[i];
    if constexpr (centered) {
      average[i] = f.rho * average[i] + f.rest * g[i];
      variance -= average[i] * average[i];
      variance = variance < 0 ? 0 : variance;  // NaN stays
    }
    T step = f.rate * g[i] / std::sqrt(variance + f.epsilon);
    if constexpr (with_momentum) step = m[i] = f.momentum * m[i] + step;
    w[i] -= step;
  }
}

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
    dispatch_floating(u.value.dtype(), [&]<class T>() {
      const auto values = u.value.mutable_values<T>();
      const Factors<T> factors = {.rate = static_cast<T>(u.learning_rate),
                                  .rho = static_cast<T>(rho_),
                                  .rest = static_cast<T>(1 - rho_),
                                  .momentum = static_cast<T>(momentum_),
                                  .epsilon = static_cast<T>(epsilon_)};
      const bool moves = momentum_ != 0;
      T *w = values.data(), *v = u.slots[0].raw<T>();
      T* m = moves ? u.slots[1].raw<T>() : nullptr;
      T* average = centered_ ? u.slots.back().raw<T>() : nullptr;
      const T* g = u.gradient.raw<T>();
      const auto with = [&]<bool centered, bool with_momentum>() {
        sweep(values.size(), [=](std::size_t i, std::size_t count) {
          rmsprop<centered, with_momentum>(count, w + i, v + i, with_momentum ? m + i : nullptr,
                                           centered ? average + i : nullptr, g + i, factors);
        });
      };
      if (centered_ && moves) {
        with.template operator()<true, true>();
      } else if (centered_) {
        with.template operator()<true, false>();
      } else if (moves) {
        with.template operator()<false, true>();
      } else {
        with.template operator()<false, false>();
      }
    });
  }

 private:
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
