#include "loops.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <random>

namespace gradus::bench::floor {

namespace {

using Row = Eigen::Map<Eigen::ArrayXf>;
using ConstRow = Eigen::Map<const Eigen::ArrayXf>;

constexpr std::int64_t kWorthAThread = 1 << 15;

}  // namespace

Values uniform(std::int64_t count, std::uint32_t seed, float low, float high) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<float> draw(low, high);
  Values values(static_cast<std::size_t>(count));
  for (float& value : values) value = draw(engine);
  return values;
}

std::vector<std::int64_t> labels(std::int64_t count, std::uint32_t seed, std::int64_t classes) {
  std::mt19937 engine(seed);
  std::uniform_int_distribution<std::int64_t> draw(0, classes - 1);
  std::vector<std::int64_t> values(static_cast<std::size_t>(count));
  for (std::int64_t& value : values) value = draw(engine);
  return values;
}

void bias_relu(float* h, const float* bias, std::int64_t rows, std::int64_t n, int threads) {
#pragma omp parallel for num_threads(threads) if (threads > 1 && rows * n >= kWorthAThread)
  for (std::int64_t row = 0; row < rows; ++row) {
    Row one(h + row * n, n);
    one = (one + ConstRow(bias, n)).max(0.0F);
  }
}

void relu_gradient(float* dh, const float* h, float* dbias, std::int64_t rows, std::int64_t n, int threads) {
  // By columns, so that no two threads add to one sum.
  constexpr std::int64_t kColumns = 64;
#pragma omp parallel for num_threads(threads) if (threads > 1 && rows * n >= kWorthAThread)
  for (std::int64_t begin = 0; begin < n; begin += kColumns) {
    const std::int64_t width = std::min(kColumns, n - begin);
    Row sums(dbias + begin, width);
    sums.setZero();
    for (std::int64_t row = 0; row < rows; ++row) {
      Row gradient(dh + row * n + begin, width);
      gradient = (ConstRow(h + row * n + begin, width) > 0).select(gradient, 0.0F);
      sums += gradient;
    }
  }
}

float cross_entropy(float* z, const float* bias, const std::int64_t* labels, float* dbias, float* sums,
                    std::int64_t rows, std::int64_t n) {
  float loss = 0;
  for (std::int64_t row = 0; row < rows; ++row) {
    Row one(z + row * n, n);
    one += ConstRow(bias, n);
    one -= one.maxCoeff();
    loss -= one[labels[row]];
  }
  Row all(z, rows * n);
  all = all.exp();
  for (std::int64_t row = 0; row < rows; ++row) sums[row] = ConstRow(z + row * n, n).sum();
  const auto count = static_cast<float>(rows);
  Row bias_sums(dbias, n);
  bias_sums.setZero();
  for (std::int64_t row = 0; row < rows; ++row) {
    Row one(z + row * n, n);
    one *= 1 / (sums[row] * count);
    one[labels[row]] -= 1 / count;
    bias_sums += one;
  }
  return (loss + ConstRow(sums, rows).log().sum()) / count;
}

void descend(Values& w, const Values& g, int threads) {
  const auto count = static_cast<std::int64_t>(w.size());
  constexpr std::int64_t kPiece = 1 << 13;
#pragma omp parallel for num_threads(threads) if (threads > 1 && count >= kWorthAThread)
  for (std::int64_t begin = 0; begin < count; begin += kPiece) {
    const std::int64_t size = std::min(kPiece, count - begin);
    Row(w.data() + begin, size) -= kLearningRate * ConstRow(g.data() + begin, size);
  }
}

void adam(Values& w, const Values& g, AdamState& state, int t, int threads) {
  const auto count = static_cast<std::int64_t>(w.size());
  const double correction = std::sqrt(1 - std::pow(0.999, t)) / (1 - std::pow(0.9, t));
  const auto rate = static_cast<float>(kLearningRate * correction);
  constexpr std::int64_t kPiece = 1 << 10;  // stays in the first cache between the lines
#pragma omp parallel for num_threads(threads) if (threads > 1 && count >= kWorthAThread)
  for (std::int64_t begin = 0; begin < count; begin += kPiece) {
    const std::int64_t size = std::min(kPiece, count - begin);
    const ConstRow gradient(g.data() + begin, size);
    Row m(state.m.data() + begin, size), v(state.v.data() + begin, size);
    m += (gradient - m) * 0.1F;
    v += (gradient.square() - v) * 0.001F;
    Row(w.data() + begin, size) -= rate * m / (v.sqrt() + 1e-7F);
  }
}

}  // namespace gradus::bench::floor
