#include "loops.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace gradus::bench::floor {

namespace {

using Row = Eigen::Map<Eigen::ArrayXf>;
using ConstRow = Eigen::Map<const Eigen::ArrayXf>;

constexpr std::int64_t kWorthAThread = 1 << 15;

// Runs body(begin, size) for pieces of [0, count): on all threads where it is worth it, else without a word
// to OpenMP.
template <class Body>
void each_piece(std::int64_t count, std::int64_t piece, int threads, const Body& body) {
  if (threads == 1 || count < kWorthAThread) {
    for (std::int64_t begin = 0; begin < count; begin += piece) body(begin, std::min(piece, count - begin));
    return;
  }
#pragma omp parallel for num_threads(threads)
  for (std::int64_t begin = 0; begin < count; begin += piece) body(begin, std::min(piece, count - begin));
}

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

// A row is short: what a vector's loop costs to begin is more than one value after the other.
float cross_entropy(float* z, const float* bias, const std::int64_t* labels, float* dbias, float* sums,
                    std::int64_t rows, std::int64_t n) {
  float loss = 0;
  for (std::int64_t row = 0; row < rows; ++row) {
    float* one = z + row * n;
    float largest = -std::numeric_limits<float>::infinity();
    for (std::int64_t i = 0; i < n; ++i) {
      one[i] += bias[i];
      largest = std::max(largest, one[i]);
    }
    for (std::int64_t i = 0; i < n; ++i) one[i] -= largest;
    loss -= one[labels[row]];
  }
  Row all(z, rows * n);
  all = all.exp();
  for (std::int64_t row = 0; row < rows; ++row) {
    float sum = 0;
    for (std::int64_t i = 0; i < n; ++i) sum += z[row * n + i];
    sums[row] = sum;
  }
  const auto count = static_cast<float>(rows);
  std::fill_n(dbias, n, 0.0F);
  for (std::int64_t row = 0; row < rows; ++row) {
    float* one = z + row * n;
    const float scale = 1 / (sums[row] * count);
    for (std::int64_t i = 0; i < n; ++i) one[i] *= scale;
    one[labels[row]] -= 1 / count;
    for (std::int64_t i = 0; i < n; ++i) dbias[i] += one[i];
  }
  return (loss + ConstRow(sums, rows).log().sum()) / count;
}

void descend(Values& w, const Values& g, int threads) {
  const auto count = static_cast<std::int64_t>(w.size());
  constexpr std::int64_t kPiece = 1 << 13;
  each_piece(count, kPiece, threads, [&](std::int64_t begin, std::int64_t size) {
    Row(w.data() + begin, size) -= kLearningRate * ConstRow(g.data() + begin, size);
  });
}

void adam(Values& w, const Values& g, AdamState& state, int t, int threads) {
  const auto count = static_cast<std::int64_t>(w.size());
  const double correction = std::sqrt(1 - std::pow(0.999, t)) / (1 - std::pow(0.9, t));
  const auto rate = static_cast<float>(kLearningRate * correction);
  constexpr std::int64_t kPiece = 1 << 10;  // stays in the first cache between the lines
  each_piece(count, kPiece, threads, [&](std::int64_t begin, std::int64_t size) {
    const ConstRow gradient(g.data() + begin, size);
    Row m(state.m.data() + begin, size), v(state.v.data() + begin, size);
    m += (gradient - m) * 0.1F;
    v += (gradient.square() - v) * 0.001F;
    Row(w.data() + begin, size) -= rate * m / (v.sqrt() + 1e-7F);
  });
}

}  // namespace gradus::bench::floor
