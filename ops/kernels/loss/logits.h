#pragma once

#include <gradus/graph/op.h>

namespace gradus::kernels {

// Whether an op is our softmax along the last axis of a value of that rank, or our sigmoid: a loss then takes
// the logits it was applied to. An op of a user's own is neither, whatever its name.
bool is_softmax_of_rows(const Op& op, int rank);
bool is_sigmoid(const Op& op, int rank);

}  // namespace gradus::kernels
