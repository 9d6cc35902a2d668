#include <gradus/optim/adagrad.h>
#include <gradus/optim/check.h>
#include <gradus/optim/shared_options.h>
#include <gradus/optim/sweep.h>

#include <cmath>

namespace gradus {

namespace {

template <class T>
void adagrad(std::size_t count, T* __restrict w, T* __restrict sum, const T* __restrict g, T rate,
             T epsilon) {
  for (std::size_t i = 0; i < count; ++i) {
    sum[i] += g[i] * g[i];
    w[i] -= rate * g[i] / std::sqrt(sum[i] + epsilon);
  }
}

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
    dispatch_floating(u.value.dtype(), [&]<class T>() {
      const auto values = u.value.mutable_values<T>();
      T *w = values.data(), *sum = u.slots[0].raw<T>();
      const T* g = u.gradient.raw<T>();
      const T rate = static_cast<T>(u.learning_rate), epsilon = static_cast<T>(epsilon_);
      sweep(values.size(),
            [=](std::size_t i, std::size_t count) { adagrad(count, w + i, sum + i, g + i, rate, epsilon); });
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
