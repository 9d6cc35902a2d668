#include <gradus/graph/number_text.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/attributes.h>
#include <gradus/ops/kernels/loss/pointwise_loss.h>

#include <cmath>

namespace gradus {

namespace {

struct Huber {
  static constexpr std::string_view kName = "huber";
  double delta = 1;
  OpAttributes attributes() const { return {{"delta", scalar_text(delta)}}; }
  auto f(auto t, auto p) const {
    const auto size = abs(p - t);
    return where(size <= like(p, delta), square(p - t) / 2, delta * size - delta * delta / 2);
  }
  auto dp(auto g, auto t, auto p) const {
    const auto low = like(p, -delta), high = like(p, delta);
    return where(p - t > high, g * delta, where(p - t < low, g * -delta, g * (p - t)));
  }
};

}  // namespace

Variable huber(const Operand& y_true, const Operand& y_pred, HuberOptions options) {
  const double delta = kernels::positive(options.delta, "delta", Huber::kName, y_pred);
  return pointwise_loss(Huber{.delta = delta}, y_true, y_pred, options.reduction, options.sample_weight);
}

namespace records {

OpInfo huber() {
  const auto with = [](double delta) {
    return [=](const Variable& y_true, const Variable& y_pred, Reduction reduction, const Tensor& weight) {
      return gradus::huber(y_true, y_pred, {.delta = delta, .reduction = reduction, .sample_weight = weight});
    };
  };
  const auto wrong = [=](double delta) -> OpError {
    return {"delta must be positive and finite: it is " + scalar_text(delta),
            {Tensor::ones({2, 2}), Tensor::ones({2, 2})},
            [=](std::span<const Variable> x) { return gradus::huber(x[0], x[1], {.delta = delta}); }};
  };
  const auto near = record::uniform(-0.1, 0.1), apart = record::distinct(1.5);
  return record::loss({{"", with(1), near, apart}, {"delta = 0.4", with(0.4), near, apart}},
                      {.signature = "(y_true, y_pred, {.delta, .reduction, .sample_weight})",
                       .formula = "mean(e^2 / 2 where |e| <= delta, else delta |e| - delta^2 / 2), "
                                  "e = y_pred - y_true",
                       .gradient = "dy_pred = g clip(e, -delta, delta) / n, dy_true = -dy_pred",
                       .kinks = "|e| = delta: the second derivative jumps there",
                       .flops = record::per_input(6),
                       .errors = {wrong(0), wrong(-1), wrong(NAN)}});
}

}  // namespace records

}  // namespace gradus
