#pragma once

// What networks are made of: convolutions, pooling, normalisation, attention, recurrent nets. Images are
// NHWC, kernels (height, width, in, out); integers become float32.

#include <gradus/graph/operand.h>

namespace gradus {}  // namespace gradus
