#pragma once

#include <gradus/models/losses/loss.h>

namespace gradus {

// The losses of margins, for compile; see <gradus/ops/loss.h>.
class Hinge : public Loss {
 public:
  explicit Hinge(LossObjectOptions options = {});
};
class SquaredHinge : public Loss {
 public:
  explicit SquaredHinge(LossObjectOptions options = {});
};
class CategoricalHinge : public Loss {
 public:
  explicit CategoricalHinge(LossObjectOptions options = {});
};

}  // namespace gradus
