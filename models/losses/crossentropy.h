#pragma once

#include <gradus/models/losses/loss.h>
#include <gradus/ops/loss.h>

namespace gradus {

struct CrossentropyLossOptions {
  bool from_logits = false;
  double label_smoothing = 0;
  Reduction reduction = {};
  std::string name = {};
};
struct SparseCrossentropyLossOptions {
  bool from_logits = false;
  Reduction reduction = {};
  std::string name = {};
};

// The cross-entropies of <gradus/ops/loss.h> with their settings, for compile.
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

}  // namespace gradus
