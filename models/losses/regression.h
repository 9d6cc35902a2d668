#pragma once

#include <gradus/models/losses/loss.h>

namespace gradus {

struct HuberLossOptions {
  double delta = 1;
  LossReduction reduction = {};
  std::string name = {};
};
struct CosineSimilarityLossOptions {
  std::int64_t axis = -1;
  LossReduction reduction = {};
  std::string name = {};
};

// The losses of numbers, for compile; the ops in <gradus/ops/loss.h> have their formulas and errors. Each
// gives a sample the mean over the last axis.
class MeanSquaredError : public Loss {
 public:
  explicit MeanSquaredError(LossObjectOptions options = {});
};
class MeanAbsoluteError : public Loss {
 public:
  explicit MeanAbsoluteError(LossObjectOptions options = {});
};
class MeanAbsolutePercentageError : public Loss {
 public:
  explicit MeanAbsolutePercentageError(LossObjectOptions options = {});
};
class MeanSquaredLogarithmicError : public Loss {
 public:
  explicit MeanSquaredLogarithmicError(LossObjectOptions options = {});
};
class Huber : public Loss {  // its name is "huber_loss", as in Keras
 public:
  explicit Huber(HuberLossOptions options = {});
};
class LogCosh : public Loss {
 public:
  explicit LogCosh(LossObjectOptions options = {});
};
// Minus the cosine: small where the directions agree. As a metric Keras turns the sign: see
// CosineSimilarityMetric.
class CosineSimilarity : public Loss {
 public:
  explicit CosineSimilarity(CosineSimilarityLossOptions options = {});
};

}  // namespace gradus
