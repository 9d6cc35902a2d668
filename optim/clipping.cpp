#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/graph/parameters.h>
#include <gradus/optim/check.h>
#include <gradus/optim/clipping.h>
#include <gradus/optim/rescale.h>

namespace gradus {

namespace {

constexpr std::string_view kByValue = "clip_by_value";
constexpr std::string_view kByNorm = "clip_by_norm";
constexpr std::string_view kByGlobalNorm = "clip_by_global_norm";

void require_range(double low, double high) {
  if (low <= high) return;
  throw ValueError(std::string(kByValue) + ": low " + scalar_text(low) + " is not at most high " +
                   scalar_text(high));
}

std::vector<Tensor> gradients_of(const Variables& parameters, std::string_view caller) {
  require_trainable(parameters, caller);
  std::vector<Tensor> gradients;
  for (const Variable& parameter : parameters) gradients.push_back(parameter.node().grad());
  return gradients;
}

void replace_gradients(const Variables& parameters, std::vector<Tensor> gradients) {
  for (std::size_t i = 0; i < gradients.size(); ++i) parameters[i].node().set_grad(std::move(gradients[i]));
}

// Applies `f` to each gradient there is.
template <class F>
std::vector<Tensor> mapped(const std::vector<Tensor>& gradients, F f) {
  std::vector<Tensor> result;
  for (const Tensor& gradient : gradients) {
    result.push_back(gradient.defined() ? f(gradient) : Tensor());
  }
  return result;
}

}  // namespace

std::vector<Tensor> clip_by_value(const std::vector<Tensor>& gradients, double low, double high) {
  require_range(low, high);
  return mapped(gradients, [&](const Tensor& gradient) { return clamped(gradient, low, high); });
}

std::vector<Tensor> clip_by_value(const std::vector<Tensor>& gradients, double limit) {
  check::positive(kByValue, "limit", limit);
  return clip_by_value(gradients, -limit, limit);
}

void clip_by_value(const Variables& parameters, double low, double high) {
  replace_gradients(parameters, clip_by_value(gradients_of(parameters, kByValue), low, high));
}

void clip_by_value(const Variables& parameters, double limit) {
  replace_gradients(parameters, clip_by_value(gradients_of(parameters, kByValue), limit));
}

std::vector<Tensor> clip_by_norm(const std::vector<Tensor>& gradients, double max_norm) {
  check::positive(kByNorm, "max_norm", max_norm);
  return mapped(gradients, [&](const Tensor& gradient) {
    return scaled(gradient, clip_factor(norm_of({&gradient, 1}), max_norm));
  });
}

void clip_by_norm(const Variables& parameters, double max_norm) {
  replace_gradients(parameters, clip_by_norm(gradients_of(parameters, kByNorm), max_norm));
}

ClippedGradients clip_by_global_norm(const std::vector<Tensor>& gradients, double max_norm) {
  check::positive(kByGlobalNorm, "max_norm", max_norm);
  const double norm = norm_of(gradients);
  const double factor = clip_factor(norm, max_norm);
  return {mapped(gradients, [&](const Tensor& gradient) { return scaled(gradient, factor); }), norm};
}

double clip_by_global_norm(const Variables& parameters, double max_norm) {
  ClippedGradients clipped = clip_by_global_norm(gradients_of(parameters, kByGlobalNorm), max_norm);
  replace_gradients(parameters, std::move(clipped.gradients));
  return clipped.norm;
}

double global_norm(const Variables& parameters) {
  return global_norm(gradients_of(parameters, "global_norm"));
}

double global_norm(const std::vector<Tensor>& gradients) { return norm_of(gradients); }

}  // namespace gradus
