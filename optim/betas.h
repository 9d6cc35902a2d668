#pragma once

#include <gradus/optim/check.h>

namespace gradus {

// What Adam and its kin are set by. ValueError for options out of range.
struct Betas {
  double beta_1, beta_2, epsilon;

  template <class Options>
  Betas(const Options& options, std::string_view who)
      : beta_1(options.beta_1), beta_2(options.beta_2), epsilon(options.epsilon) {
    check::below_one(who, "beta_1", beta_1);
    check::below_one(who, "beta_2", beta_2);
    check::epsilon(who, epsilon);
  }
};

}  // namespace gradus
