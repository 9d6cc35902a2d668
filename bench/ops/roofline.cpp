#include "roofline.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <vector>

namespace gradus::bench {

namespace {

constexpr double kSeconds = 0.004;  // of one measurement
constexpr int kMeasurements = 5;

// Of the processor, as others may have the machine too.
double seconds_since(std::clock_t start) {
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

// The best of a few: a ceiling is what was reached once. `work(n)` does n units.
template <class Work>
double rate_of(const Work& work) {
  std::int64_t units = 1;
  double best = 0;
  for (double took = 0; took < kSeconds; units *= 2) {
    const std::clock_t start = std::clock();
    work(units);
    took = seconds_since(start);
  }
  for (int i = 0; i < kMeasurements; ++i) {
    const std::clock_t start = std::clock();
    work(units);
    best = std::max(best, static_cast<double>(units) / seconds_since(start));
  }
  return best;
}

// Vectors as wide as the widest there are; on a narrower processor the compiler takes two or four for each.
#ifdef __AVX512F__
constexpr std::size_t kLanes = 16;
#elif defined(__AVX__)
constexpr std::size_t kLanes = 8;
#else
constexpr std::size_t kLanes = 4;
#endif
using Lanes [[gnu::vector_size(kLanes * sizeof(float))]] = float;
constexpr std::size_t kChains = 12;  // enough to hide a multiply-add's latency, few enough for the registers

// Multiply-adds whose operands stay in registers.
double measure_flops() {
  volatile float seed = 0.5f;
  const Lanes factor = Lanes{} + seed;
  const Lanes term = Lanes{} + seed;
  volatile float sink = 0;
  const double rate = rate_of([&](std::int64_t units) {
    Lanes chains[kChains] = {};
    for (std::int64_t i = 0; i < units; ++i) {
#pragma GCC unroll 16
      for (Lanes& x : chains) x = x * factor + term;
    }
    float sum = 0;
    for (const Lanes& x : chains) sum += x[0];
    sink = sum;
  });
  return rate * 2 * kChains * kLanes;
}

// y = x + c over two halves of the working set.
double measure_bandwidth(double bytes) {
  const std::size_t n = std::max<std::size_t>(static_cast<std::size_t>(bytes / 2 / sizeof(float)), kLanes);
  std::vector<float> x(n, 1), y(n, 1);
  volatile float seed = 0.5f;
  const float term = seed;
  volatile float sink = 0;
  const double rate = rate_of([&](std::int64_t units) {
    for (std::int64_t i = 0; i < units; ++i) {
      const float* __restrict from = x.data();
      float* __restrict to = y.data();
      for (std::size_t j = 0; j < n; ++j) to[j] = from[j] + term;
      asm volatile("" : : "r"(to) : "memory");  // each round is to be written
    }
    sink = y[n / 2];
  });
  return rate * 2 * sizeof(float) * static_cast<double>(n);
}

}  // namespace

Roofline::Roofline() : flops_(measure_flops()) {}

double Roofline::bandwidth(double bytes) {
  const int size = std::clamp(static_cast<int>(std::lround(std::log2(std::max(bytes, 1.0)))), 12, 27);
  const auto found = bandwidth_.find(size);
  if (found != bandwidth_.end()) return found->second;
  return bandwidth_[size] = measure_bandwidth(std::exp2(size));
}

double Roofline::seconds(double flops, double bytes) {
  return std::max(flops / flops_, bytes / bandwidth(bytes));
}

}  // namespace gradus::bench
