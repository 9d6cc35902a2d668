#pragma once

#include <gradus/graph/expansion.h>
#include <gradus/ops/reduction.h>

namespace gradus::kernels {

// sum((x - mean(x))^2) / (n - ddof) of the operand of var or std, in two passes.
Variable variance(const Expansion& op, const VarianceOptions& options);

}  // namespace gradus::kernels
