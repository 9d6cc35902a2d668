#pragma once

#include <gradus/models/losses/loss.h>

namespace gradus {

// Connectionist temporal classification (Graves et al., 2006): minus the log of the chance that a sequence of
// predictions spells the labels, summed over all ways to place them in time, each label standing for one or
// more steps, with blanks between as wanted and at least one between equal neighbours.
// y_true [n, length] holds class numbers, 0 being the blank and what fills up a row; y_pred
// [n, steps, classes] holds logits. One value a sample; the default reduction averages them.
// ShapeError: other ranks, other numbers of samples. ValueError: a label that is no class, a label behind a
// 0, more labels (and blanks between equal ones) than steps.
class CTC : public Loss {
 public:
  explicit CTC(LossObjectOptions options = {});
};

}  // namespace gradus
