#pragma once

#include <gradus/graph/parallel.h>
#include <gradus/ops/matmul_precision.h>

#include <cstdint>

namespace gradus::kernels {

// parallel_for of a body that multiplies: on each thread in the caller's precision.
template <class Body>
void parallel_products(std::int64_t count, std::int64_t grain, const Body& body) {
  const MatmulPrecision precision = matmul_precision();
  parallel_for(count, grain, [&](std::int64_t begin, std::int64_t end) {
    const MatmulPrecisionScope callers(precision);
    body(begin, end);
  });
}

}  // namespace gradus::kernels
