#include "cases.h"

namespace gradus::bench {

namespace {

constexpr const char* kRegression[] = {"mean_squared_error",
                                       "mean_absolute_error",
                                       "mean_absolute_percentage_error",
                                       "mean_squared_logarithmic_error",
                                       "huber",
                                       "log_cosh",
                                       "poisson",
                                       "cosine_similarity"};
constexpr const char* kBinary[] = {"binary_crossentropy", "binary_focal_crossentropy", "dice", "tversky"};
constexpr const char* kCategorical[] = {"categorical_crossentropy", "categorical_focal_crossentropy",
                                        "kl_divergence"};

}  // namespace

// All on rows of 16: values to predict, or classes.
std::vector<Case> loss_cases() {
  std::vector<Case> cases;
  for (const Size& size : sizes()) {
    const Input logits{size.rows(), Fill::uniform, -3, 3};
    const Input positive{size.rows(), Fill::uniform, 0.1, 3};
    const Input chance{size.rows(), Fill::uniform, 0.05, 0.95};
    const Input rows{size.rows(), Fill::distribution};
    const Input targets{size.rows(), Fill::uniform, 0.1, 3, true};
    const Input labels{size.rows(), Fill::booleans, 0, 1, true};
    const Input one_hot{size.rows(), Fill::one_hot, 0, 1, true};
    const Input classes{{size.elements() / 16}, Fill::integers, 0, 16, true};
    for (const char* op : kRegression) cases.push_back({op, "", size.name, {targets, positive}});
    for (const char* op : {"hinge", "squared_hinge", "categorical_hinge"}) {
      cases.push_back({op, "", size.name, {one_hot, logits}});
    }
    for (const char* op : kBinary) cases.push_back({op, "", size.name, {labels, chance}});
    for (const char* op : kCategorical) cases.push_back({op, "", size.name, {one_hot, rows}});
    cases.push_back({"sparse_categorical_crossentropy", "", size.name, {classes, rows}});
    for (const char* op : {"binary_crossentropy", "binary_focal_crossentropy"}) {
      cases.push_back({op, "from_logits", size.name, {labels, logits}});
    }
    for (const char* op : {"categorical_crossentropy", "categorical_focal_crossentropy"}) {
      cases.push_back({op, "from_logits", size.name, {one_hot, logits}});
    }
    cases.push_back({"sparse_categorical_crossentropy", "from_logits", size.name, {classes, logits}});
  }
  return cases;
}

}  // namespace gradus::bench
