#pragma once

#include <gradus/optim/optimizer.h>

namespace gradus {

// The part of an optimizer's options that all optimizers have.
template <class Options>
OptimizerOptions shared_options(const Options& options) {
  return {.weight_decay = options.weight_decay,
          .clipnorm = options.clipnorm,
          .clipvalue = options.clipvalue,
          .global_clipnorm = options.global_clipnorm,
          .use_ema = options.use_ema,
          .ema_momentum = options.ema_momentum,
          .ema_overwrite_frequency = options.ema_overwrite_frequency,
          .loss_scale_factor = options.loss_scale_factor,
          .gradient_accumulation_steps = options.gradient_accumulation_steps};
}

}  // namespace gradus
