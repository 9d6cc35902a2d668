#pragma once

#include <gradus/models/losses/loss.h>
#include <gradus/ops/loss.h>

namespace gradus {

struct LossObjectOptions {
  Reduction reduction = {};
  std::string name = {};
};

// mean((y_true - y_pred)^2) over the last axis; then reduced over the samples.
class MeanSquaredError : public Loss {
 public:
  explicit MeanSquaredError(LossObjectOptions options = {});
};

}  // namespace gradus
