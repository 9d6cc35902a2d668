#include <gradus/optim/betas.h>
#include <gradus/optim/elementwise.h>
#include <gradus/optim/nadam.h>
#include <gradus/optim/shared_options.h>

#include <cmath>

namespace gradus {

namespace {

class NadamKind : public Optimizer::Kind {
 public:
  explicit NadamKind(const NadamOptions& options)
      : Kind(options.learning_rate, shared_options(options), "Nadam"), betas_(options, "Nadam") {}

  std::string_view name() const override { return "Nadam"; }
  std::vector<Slot> slots() const override { return {{.name = "momentum"}, {.name = "velocity"}}; }
  std::vector<Slot> shared() const override { return {{.name = "u_product", .initial = 1}}; }
  void advance(std::span<double> shared, std::int64_t step) const override { shared[0] *= momentum_at(step); }
  void update(const Update& u) const override {
    const double now = momentum_at(u.step), next = momentum_at(u.step + 1), product = u.shared[0];
    const double unbiased = 1 / (1 - std::pow(betas_.beta_2, static_cast<double>(u.step)));
    update_elements<2>(u, [&]<class T>() {
      return [rate = static_cast<T>(u.learning_rate), rest_1 = static_cast<T>(1 - betas_.beta_1),
              rest_2 = static_cast<T>(1 - betas_.beta_2), of_m = static_cast<T>(next / (1 - product * next)),
              of_g = static_cast<T>((1 - now) / (1 - product)), of_v = static_cast<T>(unbiased),
              epsilon = static_cast<T>(betas_.epsilon)](T& w, T g, T& m, T& v) {
        m += (g - m) * rest_1;
        v += (g * g - v) * rest_2;
        w -= (of_m * m + of_g * g) * rate / (std::sqrt(of_v * v) + epsilon);
      };
    });
  }

 private:
  double momentum_at(std::int64_t step) const {
    return betas_.beta_1 * (1 - 0.5 * std::pow(0.96, static_cast<double>(step)));
  }

  Betas betas_;
};

}  // namespace

Nadam::Nadam(NadamOptions options) : Optimizer(NadamKind(options)) {}

Nadam::Nadam(const Variables& parameters, NadamOptions options) : Nadam(options) { build(parameters); }

Nadam::Nadam(const Variable& parameter, NadamOptions options) : Nadam(Variables(parameter), options) {}

}  // namespace gradus
