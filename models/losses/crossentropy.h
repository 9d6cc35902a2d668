#pragma once

#include <gradus/models/losses/loss.h>
#include <gradus/ops/loss.h>

#include <optional>

namespace gradus {

struct CrossentropyLossOptions {
  bool from_logits = false;
  double label_smoothing = 0;
  std::int64_t axis = -1;  // of the classes; of the mean, for the binary ones
  LossReduction reduction = {};
  std::string name = {};
};
struct SparseCrossentropyLossOptions {
  bool from_logits = false;
  std::optional<std::int64_t> ignore_class = {};  // samples of this label do not count
  LossReduction reduction = {};
  std::int64_t axis = -1;
  std::string name = {};
};
struct BinaryFocalLossOptions {
  bool apply_class_balancing = false;
  double alpha = 0.25;
  double gamma = 2;
  bool from_logits = false;
  double label_smoothing = 0;
  std::int64_t axis = -1;
  LossReduction reduction = {};
  std::string name = {};
};
struct CategoricalFocalLossOptions {
  double alpha = 0.25;
  double gamma = 2;
  bool from_logits = false;
  double label_smoothing = 0;
  std::int64_t axis = -1;
  LossReduction reduction = {};
  std::string name = {};
};
struct GeneralizedCrossentropyLossOptions {
  double q = 0.5;  // in (0, 1): towards 0 a cross-entropy, towards 1 an absolute error
  LossReduction reduction = {};
  std::string name = {};
};

// The cross-entropies of <gradus/ops/loss.h> with their settings, for compile. Along another axis than the
// last, logits below a softmax are not looked for.
class BinaryCrossentropy : public Loss {
 public:
  explicit BinaryCrossentropy(CrossentropyLossOptions options = {});
};
class CategoricalCrossentropy : public Loss {
 public:
  explicit CategoricalCrossentropy(CrossentropyLossOptions options = {});
};
class SparseCategoricalCrossentropy : public Loss {
 public:
  explicit SparseCategoricalCrossentropy(SparseCrossentropyLossOptions options = {});
};
class BinaryFocalCrossentropy : public Loss {
 public:
  explicit BinaryFocalCrossentropy(BinaryFocalLossOptions options = {});
};
class CategoricalFocalCrossentropy : public Loss {
 public:
  explicit CategoricalFocalCrossentropy(CategoricalFocalLossOptions options = {});
};
// (1 - p^q) / q, p being what y_pred [n, classes] says of the label; y_true holds class numbers, [n] or
// [n, 1]. Less is lost by wrong labels (Zhang and Sabuncu, "Generalized cross entropy loss", 2018).
// ValueError: q outside (0, 1), a label that is no class. The slope at p = 0 is infinite.
class CategoricalGeneralizedCrossEntropy : public Loss {
 public:
  explicit CategoricalGeneralizedCrossEntropy(GeneralizedCrossentropyLossOptions options = {});
};

}  // namespace gradus
