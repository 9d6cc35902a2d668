#pragma once

#include <gradus/models/losses/loss.h>

namespace gradus {

struct CircleLossOptions {
  double gamma = 80;            // scale
  double margin = 0.4;          // how far the pairs of two classes are to be apart
  bool remove_diagonal = true;  // a sample is no pair with itself
  LossReduction reduction = {};
  std::string name = {};
};

// Draws embeddings of one class together and those of different classes apart (Sun et al., "Circle loss",
// 2020): y_true holds class numbers, [n] or [n, 1], y_pred embeddings of length 1, [n, size]. With the
// distances d = max(1 - y_pred y_pred^T, 0),
//   softplus(logsumexp over pairs of one class   of gamma max(d + margin, 0) (d - margin)
//          + logsumexp over pairs of two classes of gamma max(1 + margin - d, 0) (1 - margin - d)),
// 0 where a sample has no pair of either kind. As in Keras, "sum_over_batch_size" divides by the number of
// samples whose loss is not 0.
class Circle : public Loss {
 public:
  explicit Circle(CircleLossOptions options = {});
};

}  // namespace gradus
