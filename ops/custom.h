#pragma once

// What one needs to write an op of one's own: elementwise functors, structural ops, gradcheck. Opt-in: it
// brings Eigen's vocabulary, and the op runs at the flags of the file that includes it.

#include <gradus/graph/apply.h>
#include <gradus/graph/backward_through.h>
#include <gradus/graph/call.h>
#include <gradus/graph/gradcheck.h>
#include <gradus/graph/random.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/kernels/elementwise/elementwise_op.h>
#include <gradus/ops/kernels/elementwise/shielded.h>
#include <gradus/ops/kernels/elementwise/unbroadcast.h>
#include <gradus/ops/linalg.h>
#include <gradus/ops/reduction.h>
#include <gradus/ops/shape.h>
