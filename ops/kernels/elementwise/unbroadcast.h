#pragma once

#include <gradus/graph/variable.h>

namespace gradus {

// The gradient of a broadcast: sums x over the axes that `shape` lacks or has with extent 1. Made of ops, so
// it can be differentiated in turn. REQUIRES that `shape` broadcasts to x's shape.
Variable unbroadcast(const Variable& x, const Shape& shape);

}  // namespace gradus
