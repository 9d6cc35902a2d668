#pragma once

#include <gradus/models/losses/loss.h>

namespace gradus {

struct DiceLossOptions {
  LossReduction reduction = {};
  std::string name = {};
  Axes axis = {};  // empty: all axes, the batch's too, so that the loss is one value
};
struct TverskyLossOptions {
  double alpha = 0.5;  // weighs false positives: what is in y_pred and not in y_true
  double beta = 0.5;   // weighs false negatives
  LossReduction reduction = {};
  std::string name = {};
  Axes axis = {};
};

// The losses of overlapping masks, for compile; see <gradus/ops/loss.h>. Sample weights need axes that leave
// the batch's: where the loss is one value for all samples, no sample has a part that could be weighed.
// alpha and beta are those of Keras 3.16, which exchanged what it had before and what the op tversky has.
// ValueError where one is negative.
class Dice : public Loss {
 public:
  explicit Dice(DiceLossOptions options = {});
};
class Tversky : public Loss {
 public:
  explicit Tversky(TverskyLossOptions options = {});
};

}  // namespace gradus
