#pragma once

#include <gradus/models/data/make_low_rank_matrix.h>
#include <gradus/models/data/random_state.h>

namespace gradus::data {

// make_low_rank_matrix's values from a generator that is drawn from further on; its random_state is not used.
// REQUIRES options that have been checked.
Tensor low_rank(const LowRankMatrixOptions& options, numpy::RandomState& random);

}  // namespace gradus::data
