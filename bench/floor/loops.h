#pragma once

#include "../measure/program.h"

#include <cstdint>
#include <vector>

// The floor's fused loops over rows of values. A loop with a large count is split among the threads.
namespace gradus::bench::floor {

using Values = std::vector<float>;

constexpr auto kLearningRate = static_cast<float>(bench::kLearningRate);

// `count` values in [low, high), the same at each call of the same seed.
Values uniform(std::int64_t count, std::uint32_t seed, float low = 0, float high = 1);
std::vector<std::int64_t> labels(std::int64_t count, std::uint32_t seed, std::int64_t classes);

// h = max(h + bias, 0)
void bias_relu(float* h, const float* bias, std::int64_t rows, std::int64_t n, int threads);
// dh = 0 where h is; the sums of dh's columns go to dbias.
void relu_gradient(float* dh, const float* h, float* dbias, std::int64_t rows, std::int64_t n, int threads);
// The mean cross-entropy of softmax(z + bias) with the labels; z becomes its gradient, whose columns' sums go
// to dbias. `sums` holds `rows` values of scratch.
float cross_entropy(float* z, const float* bias, const std::int64_t* labels, float* dbias, float* sums,
                    std::int64_t rows, std::int64_t n);

// w -= learning rate * g
void descend(Values& w, const Values& g, int threads);
struct AdamState {
  Values m, v;
};
// One update of Adam, t counting from 1.
void adam(Values& w, const Values& g, AdamState& state, int t, int threads);

}  // namespace gradus::bench::floor
