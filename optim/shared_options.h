#pragma once

#include <gradus/optim/optimizer.h>

namespace gradus {

// The part of an optimizer's options that all optimizers have.
template <class Options>
OptimizerOptions shared_options(const Options& options) {
  return {.weight_decay = options.weight_decay,
          .clipnorm = options.clipnorm,
          .clipvalue = options.clipvalue,
          .global_clipnorm = options.global_clipnorm};
}

}  // namespace gradus
