#pragma once

#include <gradus/graph/call.h>
#include <gradus/graph/function.h>

namespace gradus {

// A gradient rule for an op that computes what `function` computes of the op's first `count` operands: runs
// it again, recorded, and gives its gradients. For ops whose own rule is a kernel, where the gradient is
// itself to be differentiated, and for those that keep nothing (checkpoint). Operands from `count` on are
// leaves that the function knows without being told; they get their gradients too. Returns what the function
// gave.
Variable backward_through(Backward& b, const Function& function, std::size_t count = SIZE_MAX);

}  // namespace gradus
