#pragma once

#include <gradus/models/losses/loss.h>

namespace gradus {

// What compares distributions and counts, for compile; see <gradus/ops/loss.h>, and <.../crossentropy.h> for
// the cross-entropies.
class KLDivergence : public Loss {
 public:
  explicit KLDivergence(LossObjectOptions options = {});
};
class Poisson : public Loss {
 public:
  explicit Poisson(LossObjectOptions options = {});
};

}  // namespace gradus
