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
struct CrossentropyOptions {
  bool from_logits = false;    // y_pred holds logits, not probabilities
  double label_smoothing = 0;  // in [0, 1]: this share of each label is spread over all classes
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
// mean(-y log p - (1 - y) log(1 - p))
Variable binary_crossentropy(const Operand& y_true, const Operand& y_pred, CrossentropyOptions options = {});
// sum(-y log p); y_true holds a distribution in each row, such as one-hot rows
Variable categorical_crossentropy(const Operand& y_true, const Operand& y_pred,
                                  CrossentropyOptions options = {});
// -log p[label]; y_true holds class numbers, of y_pred's shape without its last axis. ValueError: a label
// that is no whole number or no class.
Variable sparse_categorical_crossentropy(const Operand& y_true, const Operand& y_pred,
                                         SparseCrossentropyOptions options = {});

}  // namespace gradus
