#include "torch_calls.h"

namespace gradus::bench {

namespace {

constexpr double kEpsilon = 1e-7;

Call composed(Tensor (*loss)(const Tensor& t, const Tensor& p)) {
  return {[loss](const Tensors& x) { return loss(x[0], x[1]); }, kComposed};
}

Tensor clipped(const Tensor& p) { return p.clamp(kEpsilon, 1 - kEpsilon); }
Tensor normalized(const Tensor& p) { return clipped(p / p.sum(-1, true)); }

// 0 and 1 stand for -1 and 1.
Tensor signed_labels(const Tensor& t) { return 2 * t - 1; }

// (1 - p_t)^gamma times a cross-entropy, gamma = 2.
Tensor binary_focal(const Tensor& t, const Tensor& p, const Tensor& entropy) {
  const Tensor right = t * p + (1 - t) * (1 - p);
  return ((1 - right).square() * entropy).mean();
}

Tensor categorical_focal(const Tensor& t, const Tensor& log_p) {
  return -(0.25 * t * (1 - log_p.exp()).square() * log_p).sum(-1).mean();
}

}  // namespace

Calls loss_calls() {
  return {
      {"mean_squared_error", [](const Tensors& x) { return at::mse_loss(x[1], x[0]); }},
      {"mean_absolute_error", [](const Tensors& x) { return at::l1_loss(x[1], x[0]); }},
      {"mean_absolute_percentage_error", composed([](const Tensor& t, const Tensor& p) {
         return 100 * ((t - p).abs() / t.abs().clamp_min(kEpsilon)).mean();
       })},
      {"mean_squared_logarithmic_error", composed([](const Tensor& t, const Tensor& p) {
         return at::mse_loss(p.clamp_min(kEpsilon).log1p(), t.clamp_min(kEpsilon).log1p());
       })},
      {"huber", [](const Tensors& x) { return at::huber_loss(x[1], x[0]); }},
      {"log_cosh", composed([](const Tensor& t, const Tensor& p) {
         const Tensor e = p - t;
         return (e + at::softplus(-2 * e) - 0.6931471805599453).mean();
       })},
      {"poisson",
       [](const Tensors& x) {
         return at::poisson_nll_loss(x[1], x[0], false, false, kEpsilon, at::Reduction::Mean);
       }},
      {"cosine_similarity", [](const Tensors& x) { return -at::cosine_similarity(x[0], x[1], -1).mean(); }},
      {"hinge", composed([](const Tensor& t, const Tensor& p) {
         return (1 - signed_labels(t) * p).clamp_min(0).mean();
       })},
      {"squared_hinge", composed([](const Tensor& t, const Tensor& p) {
         return (1 - signed_labels(t) * p).clamp_min(0).square().mean();
       })},
      {"categorical_hinge", composed([](const Tensor& t, const Tensor& p) {
         return (((1 - t) * p).amax(-1) - (t * p).sum(-1) + 1).clamp_min(0).mean();
       })},
      {"kl_divergence", composed([](const Tensor& t, const Tensor& p) {
         const Tensor target = t.clamp(kEpsilon, 1);
         return (target * (target / p.clamp(kEpsilon, 1)).log()).sum(-1).mean();
       })},
      {"dice", composed([](const Tensor& t, const Tensor& p) {
         return 1 - 2 * (t * p).sum() / (t.sum() + p.sum() + kEpsilon);
       })},
      {"tversky", composed([](const Tensor& t, const Tensor& p) {
         const Tensor both = (t * p).sum();
         return 1 - both / (both + 0.5 * ((1 - p) * t).sum() + 0.5 * (p * (1 - t)).sum() + kEpsilon);
       })},
      {"binary_crossentropy", [](const Tensors& x) { return at::binary_cross_entropy(x[1], x[0]); }},
      {"binary_crossentropy[from_logits]",
       [](const Tensors& x) { return at::binary_cross_entropy_with_logits(x[1], x[0]); }},
      {"categorical_crossentropy",
       composed([](const Tensor& t, const Tensor& p) { return -(t * normalized(p).log()).sum(-1).mean(); })},
      {"categorical_crossentropy[from_logits]",
       [](const Tensors& x) { return at::cross_entropy_loss(x[1], x[0]); }},
      {"sparse_categorical_crossentropy",
       composed([](const Tensor& t, const Tensor& p) { return at::nll_loss(normalized(p).log(), t); })},
      {"sparse_categorical_crossentropy[from_logits]",
       [](const Tensors& x) { return at::cross_entropy_loss(x[1], x[0]); }},
      {"binary_focal_crossentropy", composed([](const Tensor& t, const Tensor& p) {
         const Tensor q = clipped(p);
         return binary_focal(t, q, at::binary_cross_entropy(q, t, {}, at::Reduction::None));
       })},
      {"binary_focal_crossentropy[from_logits]", composed([](const Tensor& t, const Tensor& z) {
         const Tensor entropy = at::binary_cross_entropy_with_logits(z, t, {}, {}, at::Reduction::None);
         return binary_focal(t, z.sigmoid(), entropy);
       })},
      {"categorical_focal_crossentropy", composed([](const Tensor& t, const Tensor& p) {
         const Tensor q = normalized(p);
         return -(0.25 * t * (1 - q).square() * q.log()).sum(-1).mean();
       })},
      {"categorical_focal_crossentropy[from_logits]",
       composed([](const Tensor& t, const Tensor& z) { return categorical_focal(t, z.log_softmax(-1)); })},
  };
}

}  // namespace gradus::bench
