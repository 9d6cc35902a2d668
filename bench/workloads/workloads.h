#pragma once

#include "../measure/program.h"

#include <gradus/graph/random.h>
#include <gradus/graph/variable.h>

#include <cstdint>
#include <vector>

// The workloads of the comparison in ops of ours, each with a step of one's own making: forward, backward,
// update. Sizes, data and learning rate are those of the floor and of the peers.
namespace gradus::bench {

// All of them, in the order of the table.
std::vector<Case> workloads();

// One file each.
Workload chain(bool multiply, const Settings& settings);
Workload softmax_regression(const Settings& settings);  // i
enum class Rule : std::uint8_t { sgd, adam };
struct Mlp {
  std::vector<std::int64_t> widths = {};
  std::int64_t batch = 0;
  Rule rule = Rule::sgd;
  bool bfloat16 = false;
};
Workload mlp(const Mlp& net, const Settings& settings);  // ii, iii
Workload convolutional_net(const Settings& settings);    // iv
Workload recurrent_net(const Settings& settings);        // v

// [in, out] values small enough for a deep net.
Parameter weights(std::string_view name, const Shape& shape, Random& random);
// For Workload::weights.
std::function<std::vector<float>()> values_of(const Variables& parameters);
// The most bytes of tensors and nodes since this call, those that were there included.
std::function<double()> peak_since_now();

}  // namespace gradus::bench
