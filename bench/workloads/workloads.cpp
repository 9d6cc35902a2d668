#include "workloads.h"

#include <gradus/graph/memory.h>

namespace gradus::bench {

Parameter weights(std::string_view name, const Shape& shape, Random& random) {
  return Parameter(name, random.uniform(shape, {.low = -0.05, .high = 0.05}));
}

std::function<std::vector<float>()> values_of(const Variables& parameters) {
  return [parameters] {
    std::vector<float> all;
    for (const Variable& parameter : parameters) {
      const std::vector<float> values = parameter.value().to_vector<float>();
      all.insert(all.end(), values.begin(), values.end());
    }
    return all;
  };
}

std::function<double()> peak_since_now() {
  reset_peak_memory();
  return [] { return static_cast<double>(memory_stats().peak); };
}

std::vector<Case> workloads() {
  const auto net = [](std::vector<std::int64_t> widths, std::int64_t batch, Rule rule,
                      bool bfloat16 = false) {
    const Mlp description = {.widths = widths, .batch = batch, .rule = rule, .bfloat16 = bfloat16};
    return [description](const Settings& settings) { return mlp(description, settings); };
  };
  const std::vector<std::int64_t> small = {784, 128, 10}, large = {784, 512, 512, 10};
  return {
      {"chain_add", [](const Settings& settings) { return chain(false, settings); }},
      {"chain_multiply", [](const Settings& settings) { return chain(true, settings); }},
      {"i", softmax_regression},
      {"ii_sgd", net(small, 32, Rule::sgd)},
      {"ii_adam", net(small, 32, Rule::adam)},
      {"iii_sgd", net(large, 128, Rule::sgd)},
      {"iii_adam", net(large, 128, Rule::adam)},
      {"iii_sgd_bfloat16", net(large, 128, Rule::sgd, true)},
      {"iv_sgd", convolutional_net},
      {"v_sgd", recurrent_net},
  };
}

}  // namespace gradus::bench
