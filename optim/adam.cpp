#include <gradus/optim/adam.h>
#include <gradus/optim/adamw.h>
#include <gradus/optim/betas.h>
#include <gradus/optim/elementwise.h>
#include <gradus/optim/shared_options.h>

#include <cmath>

namespace gradus {

namespace {

// Adam and AdamW: a weight decay is every optimizer's.
class AdamKind : public Optimizer::Kind {
 public:
  template <class Options>
  AdamKind(const Options& options, std::string_view name)
      : Kind(options.learning_rate, shared_options(options), name),
        name_(name),
        betas_(options, name),
        amsgrad_(options.amsgrad) {}

  std::string_view name() const override { return name_; }
  std::vector<Slot> slots() const override {
    std::vector<Slot> result = {{.name = "momentum"}, {.name = "velocity"}};
    if (amsgrad_) result.push_back({.name = "velocity_hat", .group = 1});
    return result;
  }
  void update(const Update& u) const override {
    const auto step = static_cast<double>(u.step);
    const double alpha =
        u.learning_rate * std::sqrt(1 - std::pow(betas_.beta_2, step)) / (1 - std::pow(betas_.beta_1, step));
    const auto rule = [&]<class T>(auto gather) {
      return [=, rate = static_cast<T>(alpha), rest_1 = static_cast<T>(1 - betas_.beta_1),
              rest_2 = static_cast<T>(1 - betas_.beta_2),
              epsilon = static_cast<T>(betas_.epsilon)](T& w, T g, T& m, T& v, auto&... largest) {
        m += (g - m) * rest_1;
        v += (g * g - v) * rest_2;
        w -= m * rate / (std::sqrt(gather(v, largest...)) + epsilon);
      };
    };
    if (amsgrad_) {
      update_elements<3>(u, [&]<class T>() {
        return rule.template operator()<T>([](T v, T& largest) {
          return largest = v <= largest ? largest : v;  // takes a NaN
        });
      });
    } else {
      update_elements<2>(u, [&]<class T>() { return rule.template operator()<T>([](T v) { return v; }); });
    }
  }

 private:
  std::string_view name_;
  Betas betas_;
  bool amsgrad_;
};

}  // namespace

Adam::Adam(AdamOptions options) : Optimizer(AdamKind(options, "Adam")) {}

Adam::Adam(const Variables& parameters, AdamOptions options) : Adam(options) { build(parameters); }

Adam::Adam(const Variable& parameter, AdamOptions options) : Adam(Variables(parameter), options) {}

AdamW::AdamW(AdamWOptions options) : Optimizer(AdamKind(options, "AdamW")) {}

AdamW::AdamW(const Variables& parameters, AdamWOptions options) : AdamW(options) { build(parameters); }

AdamW::AdamW(const Variable& parameter, AdamWOptions options) : AdamW(Variables(parameter), options) {}

}  // namespace gradus
