#pragma once

#include "../measure/program.h"

#include <cstdint>
#include <vector>

// What the workloads cost by hand: fixed buffers, one product a matrix, everything else fused, no framework.
namespace gradus::bench::floor {

// Sums or products of 4 x 4 matrices in a chain, in an engine of its own that has only what the design of
// ours cannot do without.
Workload chain(bool multiply);
struct Mlp {
  std::vector<std::int64_t> widths = {};
  std::int64_t batch = 0;
  std::int64_t batches = 1;  // taken in turn
  bool adam = false;
};
Workload mlp(const Mlp& net, const Settings& settings);  // i, ii, iii
Workload convolutional_net(const Settings& settings);    // iv, by im2col
Workload recurrent_net(const Settings& settings);        // v, step by step

}  // namespace gradus::bench::floor
