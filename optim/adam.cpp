#include <gradus/optim/adam.h>
#include <gradus/optim/check.h>
#include <gradus/optim/shared_options.h>
#include <gradus/optim/sweep.h>

#include <cmath>

namespace gradus {

namespace {

template <class T>
struct Factors {
  T rate, rest_1, rest_2, epsilon;  // rest is 1 - beta
};

template <class T>
void adam(std::size_t count, T* __restrict w, T* __restrict m, T* __restrict v, const T* __restrict g,
          Factors<T> f) {
  for (std::size_t i = 0; i < count; ++i) {
    m[i] += (g[i] - m[i]) * f.rest_1;
    v[i] += (g[i] * g[i] - v[i]) * f.rest_2;
    w[i] -= m[i] * f.rate / (std::sqrt(v[i]) + f.epsilon);
  }
}

template <class T>
void amsgrad(std::size_t count, T* __restrict w, T* __restrict m, T* __restrict v, T* __restrict largest,
             const T* __restrict g, Factors<T> f) {
  for (std::size_t i = 0; i < count; ++i) {
    m[i] += (g[i] - m[i]) * f.rest_1;
    v[i] += (g[i] * g[i] - v[i]) * f.rest_2;
    largest[i] = v[i] <= largest[i] ? largest[i] : v[i];  // takes a NaN
    w[i] -= m[i] * f.rate / (std::sqrt(largest[i]) + f.epsilon);
  }
}

class AdamKind : public Optimizer::Kind {
 public:
  explicit AdamKind(const AdamOptions& options)
      : Kind(options.learning_rate, shared_options(options), "Adam"),
        beta_1_(options.beta_1),
        beta_2_(options.beta_2),
        epsilon_(options.epsilon),
        amsgrad_(options.amsgrad) {
    check::below_one("Adam", "beta_1", beta_1_);
    check::below_one("Adam", "beta_2", beta_2_);
    check::epsilon("Adam", epsilon_);
  }

  std::string_view name() const override { return "Adam"; }
  std::vector<Slot> slots() const override {
    std::vector<Slot> result = {{.name = "momentum"}, {.name = "velocity"}};
    if (amsgrad_) result.push_back({.name = "velocity_hat", .group = 1});
    return result;
  }
  void update(const Update& u) const override {
    const auto step = static_cast<double>(u.step);
    const double rate =
        u.learning_rate * std::sqrt(1 - std::pow(beta_2_, step)) / (1 - std::pow(beta_1_, step));
    dispatch_floating(u.value.dtype(), [&]<class T>() {
      const auto values = u.value.mutable_values<T>();
      const Factors<T> factors = {.rate = static_cast<T>(rate),
                                  .rest_1 = static_cast<T>(1 - beta_1_),
                                  .rest_2 = static_cast<T>(1 - beta_2_),
                                  .epsilon = static_cast<T>(epsilon_)};
      T *w = values.data(), *m = u.slots[0].raw<T>(), *v = u.slots[1].raw<T>();
      T* largest = amsgrad_ ? u.slots[2].raw<T>() : nullptr;
      const T* g = u.gradient.raw<T>();
      sweep(values.size(), [=](std::size_t i, std::size_t count) {
        if (largest != nullptr) {
          amsgrad(count, w + i, m + i, v + i, largest + i, g + i, factors);
        } else {
          adam(count, w + i, m + i, v + i, g + i, factors);
        }
      });
    });
  }

 private:
  double beta_1_, beta_2_, epsilon_;
  bool amsgrad_;
};

}  // namespace

Adam::Adam(AdamOptions options) : Optimizer(AdamKind(options)) {}

Adam::Adam(const Variables& parameters, AdamOptions options) : Adam(options) { build(parameters); }

Adam::Adam(const Variable& parameter, AdamOptions options) : Adam(Variables(parameter), options) {}

}  // namespace gradus
