#pragma once

// Losses, by Keras's definitions: (y_true, y_pred), one value a sample (a mean or sum over the last axis),
// then reduced. A loss never broadcasts: shapes must agree, but for one trailing axis of extent 1 that is
// squeezed or added as in Keras; else ShapeError. y_true may hold integers or booleans; it is converted to
// y_pred's dtype.

#include <gradus/graph/operand.h>

#include <string_view>

namespace gradus {

// What becomes of the values of the samples: "sum_over_batch_size" (or "mean"): their sum over their number;
// "sum"; "none".
class Reduction {
 public:
  enum Kind : std::uint8_t { sum_over_batch_size, sum, none };
  constexpr Reduction(Kind kind = sum_over_batch_size) : kind_(kind) {}  // NOLINT: implicit on purpose
  Reduction(std::string_view name);  // NOLINT: ValueError for an unknown name
  Reduction(const char* name) : Reduction(std::string_view(name)) {}  // NOLINT
  constexpr operator Kind() const { return kind_; }                   // NOLINT

 private:
  Kind kind_;
};

struct LossOptions {
  Reduction reduction = {};
  Tensor sample_weight = {};  // a factor for each sample; the divisor stays their number
};
struct HuberOptions {
  double delta = 1;  // where the parabola becomes a line
  Reduction reduction = {};
  Tensor sample_weight = {};
};
struct CosineSimilarityOptions {
  std::int64_t axis = -1;
  Reduction reduction = {};
  Tensor sample_weight = {};
};
struct DiceOptions {
  Axes axis = {};  // empty: all axes, the batch's too, so that the loss is one value
  Reduction reduction = {};
  Tensor sample_weight = {};  // one for each value that the axes leave
};
struct TverskyOptions {
  double alpha = 0.5;  // weighs what is in y_true and not in y_pred
  double beta = 0.5;   // weighs what is in y_pred and not in y_true
  Axes axis = {};
  Reduction reduction = {};
  Tensor sample_weight = {};
};
struct CrossentropyOptions {
  bool from_logits = false;    // y_pred holds logits, not probabilities
  double label_smoothing = 0;  // in [0, 1]: this share of each label is spread over all classes
  Reduction reduction = {};
  Tensor sample_weight = {};
};
struct BinaryFocalOptions {
  bool apply_class_balancing = false;  // weigh label 1 by alpha and label 0 by 1 - alpha
  double alpha = 0.25;
  double gamma = 2;  // how much less a sample counts that is predicted well
  bool from_logits = false;
  double label_smoothing = 0;
  Reduction reduction = {};
  Tensor sample_weight = {};
};
struct CategoricalFocalOptions {
  double alpha = 0.25;
  double gamma = 2;
  bool from_logits = false;
  double label_smoothing = 0;
  Reduction reduction = {};
  Tensor sample_weight = {};
};
struct SparseCrossentropyOptions {
  bool from_logits = false;
  Reduction reduction = {};
  Tensor sample_weight = {};
};

// The cross-entropies take probabilities as Keras does: categorical ones are divided by their sum, and all
// are clipped to [1e-7, 1 - 1e-7]. Where y_pred comes straight from a softmax (sigmoid) op, the logits it was
// made from are used instead, so that a saturated wrong answer keeps its loss and its gradient.

// mean((y_true - y_pred)^2)
Variable mean_squared_error(const Operand& y_true, const Operand& y_pred, LossOptions options = {});
// mean(|y_true - y_pred|)
Variable mean_absolute_error(const Operand& y_true, const Operand& y_pred, LossOptions options = {});
// mean(100 |y_true - y_pred| / max(|y_true|, 1e-7))
Variable mean_absolute_percentage_error(const Operand& y_true, const Operand& y_pred,
                                        LossOptions options = {});
// mean((log(1 + t) - log(1 + p))^2), t and p being y_true and y_pred, but not below 1e-7
Variable mean_squared_logarithmic_error(const Operand& y_true, const Operand& y_pred,
                                        LossOptions options = {});
// mean(e^2 / 2 where |e| <= delta, else delta |e| - delta^2 / 2), e = y_pred - y_true. ValueError unless
// delta is positive.
Variable huber(const Operand& y_true, const Operand& y_pred, HuberOptions options = {});
// mean(log cosh(y_pred - y_true))
Variable log_cosh(const Operand& y_true, const Operand& y_pred, LossOptions options = {});
// mean(max(1 - y_true y_pred, 0)). Labels are -1 and 1; where all of a batch are 0 or 1, they stand for -1
// and 1.
Variable hinge(const Operand& y_true, const Operand& y_pred, LossOptions options = {});
// mean(max(1 - y_true y_pred, 0)^2), with labels as for hinge
Variable squared_hinge(const Operand& y_true, const Operand& y_pred, LossOptions options = {});
// max(max((1 - y_true) y_pred) - sum(y_true y_pred) + 1, 0); y_true holds one-hot rows
Variable categorical_hinge(const Operand& y_true, const Operand& y_pred, LossOptions options = {});
// mean(y_pred - y_true log(y_pred + 1e-7))
Variable poisson(const Operand& y_true, const Operand& y_pred, LossOptions options = {});
// sum(t log(t / p)), t and p being y_true and y_pred clipped to [1e-7, 1]
Variable kl_divergence(const Operand& y_true, const Operand& y_pred, LossOptions options = {});
// Minus the cosine of the angle between y_true and y_pred along an axis: -1 where they point the same way, 0,
// without a gradient, where one of them is all zeros.
Variable cosine_similarity(const Operand& y_true, const Operand& y_pred,
                           CosineSimilarityOptions options = {});
// 1 - 2 sum(y_true y_pred) / (sum(y_true) + sum(y_pred) + 1e-7)
Variable dice(const Operand& y_true, const Operand& y_pred, DiceOptions options = {});
// 1 - s / (s + alpha sum((1 - y_pred) y_true) + beta sum(y_pred (1 - y_true)) + 1e-7) with s = sum(y_true
// y_pred). ValueError for a negative alpha or beta.
Variable tversky(const Operand& y_true, const Operand& y_pred, TverskyOptions options = {});
// mean(-y log p - (1 - y) log(1 - p))
Variable binary_crossentropy(const Operand& y_true, const Operand& y_pred, CrossentropyOptions options = {});
// sum(-y log p); y_true holds a distribution in each row, such as one-hot rows
Variable categorical_crossentropy(const Operand& y_true, const Operand& y_pred,
                                  CrossentropyOptions options = {});
// The focal cross-entropies (Lin et al., 2018) weigh each term of a cross-entropy by (1 - p)^gamma, p being
// what is predicted for the label. From logits they are exact, without clipping. As in Keras on TensorFlow
// the binary one takes the logits below a sigmoid op, the categorical one not those below a softmax.
// ValueError for a negative alpha or gamma.

// mean(w s^gamma (-y log p - (1 - y) log(1 - p))), s = y (1 - p) + (1 - y) p
Variable binary_focal_crossentropy(const Operand& y_true, const Operand& y_pred,
                                   BinaryFocalOptions options = {});
// sum(-alpha y (1 - p)^gamma log p)
Variable categorical_focal_crossentropy(const Operand& y_true, const Operand& y_pred,
                                        CategoricalFocalOptions options = {});
// -log p[label]; y_true holds class numbers, of y_pred's shape without its last axis. ValueError: a label
// that is no whole number or no class.
Variable sparse_categorical_crossentropy(const Operand& y_true, const Operand& y_pred,
                                         SparseCrossentropyOptions options = {});

}  // namespace gradus
