#include "our_calls.h"

#include <gradus/ops/loss.h>

namespace gradus::bench {

namespace {

Call loss(Variable (*op)(const Operand&, const Operand&, LossOptions)) {
  return [op](In x, const Case&) { return op(x[0], x[1], {}); };
}

}  // namespace

Calls loss_calls() {
  return {
      {"mean_squared_error", loss(mean_squared_error)},
      {"mean_absolute_error", loss(mean_absolute_error)},
      {"mean_absolute_percentage_error", loss(mean_absolute_percentage_error)},
      {"mean_squared_logarithmic_error", loss(mean_squared_logarithmic_error)},
      {"log_cosh", loss(log_cosh)},
      {"hinge", loss(hinge)},
      {"squared_hinge", loss(squared_hinge)},
      {"categorical_hinge", loss(categorical_hinge)},
      {"poisson", loss(poisson)},
      {"kl_divergence", loss(kl_divergence)},
      {"huber", [](In x, const Case&) { return huber(x[0], x[1]); }},
      {"cosine_similarity", [](In x, const Case&) { return cosine_similarity(x[0], x[1]); }},
      {"dice", [](In x, const Case&) { return dice(x[0], x[1]); }},
      {"tversky", [](In x, const Case&) { return tversky(x[0], x[1]); }},
      {"binary_crossentropy", [](In x, const Case&) { return binary_crossentropy(x[0], x[1]); }},
      {"binary_crossentropy[from_logits]",
       [](In x, const Case&) { return binary_crossentropy(x[0], x[1], {.from_logits = true}); }},
      {"categorical_crossentropy", [](In x, const Case&) { return categorical_crossentropy(x[0], x[1]); }},
      {"categorical_crossentropy[from_logits]",
       [](In x, const Case&) { return categorical_crossentropy(x[0], x[1], {.from_logits = true}); }},
      {"sparse_categorical_crossentropy",
       [](In x, const Case&) { return sparse_categorical_crossentropy(x[0], x[1]); }},
      {"sparse_categorical_crossentropy[from_logits]",
       [](In x, const Case&) { return sparse_categorical_crossentropy(x[0], x[1], {.from_logits = true}); }},
      {"binary_focal_crossentropy", [](In x, const Case&) { return binary_focal_crossentropy(x[0], x[1]); }},
      {"binary_focal_crossentropy[from_logits]",
       [](In x, const Case&) { return binary_focal_crossentropy(x[0], x[1], {.from_logits = true}); }},
      {"categorical_focal_crossentropy",
       [](In x, const Case&) { return categorical_focal_crossentropy(x[0], x[1]); }},
      {"categorical_focal_crossentropy[from_logits]",
       [](In x, const Case&) { return categorical_focal_crossentropy(x[0], x[1], {.from_logits = true}); }},
  };
}

}  // namespace gradus::bench
