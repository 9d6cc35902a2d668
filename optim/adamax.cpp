#include <gradus/optim/adamax.h>
#include <gradus/optim/betas.h>
#include <gradus/optim/elementwise.h>
#include <gradus/optim/shared_options.h>

#include <cmath>

namespace gradus {

namespace {

class AdamaxKind : public Optimizer::Kind {
 public:
  explicit AdamaxKind(const AdamaxOptions& options)
      : Kind(options.learning_rate, shared_options(options), "Adamax"), betas_(options, "Adamax") {}

  std::string_view name() const override { return "Adamax"; }
  std::vector<Slot> slots() const override { return {{.name = "momentum"}, {.name = "norm"}}; }
  void update(const Update& u) const override {
    const double alpha = u.learning_rate / (1 - std::pow(betas_.beta_1, static_cast<double>(u.step)));
    update_elements<2>(u, [&]<class T>() {
      return [rate = static_cast<T>(alpha), rest = static_cast<T>(1 - betas_.beta_1),
              beta_2 = static_cast<T>(betas_.beta_2),
              epsilon = static_cast<T>(betas_.epsilon)](T& w, T g, T& m, T& norm) {
        m += (g - m) * rest;
        const T before = beta_2 * norm, now = std::abs(g);
        norm = now <= before ? before : now;  // takes a NaN
        w -= rate * m / (norm + epsilon);
      };
    });
  }

 private:
  Betas betas_;
};

}  // namespace

Adamax::Adamax(AdamaxOptions options) : Optimizer(AdamaxKind(options)) {}

Adamax::Adamax(const Variables& parameters, AdamaxOptions options) : Adamax(options) { build(parameters); }

Adamax::Adamax(const Variable& parameter, AdamaxOptions options) : Adamax(Variables(parameter), options) {}

}  // namespace gradus
