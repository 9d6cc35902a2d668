#include "workloads.h"

#include <gradus/graph/flush_subnormals.h>
#include <gradus/graph/parallel.h>
#include <gradus/ops/elementwise.h>

#include <atomic>

namespace gradus::bench {

namespace {

constexpr int kNodes = 1000;

template <class Operation>
void build_differentiate_free(const Parameter& x, const Parameter& y, const Tensor& seed,
                              const Operation& operation) {
  {
    Variable z = operation(x, y);
    for (int i = 1; i < kNodes; ++i) z = operation(z, y);
    z.backward(seed);
  }
  x.zero_grad();
  y.zero_grad();
}

}  // namespace

// A thousand dependent ops on 4 x 4 tensors: what an engine costs where there is nothing to compute.
Workload chain(bool multiply, const Settings& settings) {
  // With a pool of threads, counts of references are atomic.
  if (settings.threads > 1) {
    std::atomic<std::int64_t> done = 0;
    parallel_for(64, 1, [&](std::int64_t begin, std::int64_t end) { done += end - begin; });
  }
  const Parameter x("x", Tensor::ones({4, 4})), y("y", Tensor::ones({4, 4}));
  const Tensor seed = Tensor::ones({4, 4});
  const auto step = [=] {
    const FlushSubnormals guard;
    if (multiply) {
      build_differentiate_free(x, y, seed, [](const Variable& a, const Variable& b) { return a * b; });
    } else {
      build_differentiate_free(x, y, seed, [](const Variable& a, const Variable& b) { return a + b; });
    }
  };
  return {.step = step, .units = kNodes};
}

}  // namespace gradus::bench
