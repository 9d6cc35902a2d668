#include "product.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace gradus::bench::floor {

Product::Product(const ProductShape& shape, int threads) : shape_(shape), all_(multipliers(shape, threads)) {
  const std::vector<double> times = seconds();
  const auto best = std::min_element(times.begin(), times.end());
  chosen_ = all_[static_cast<std::size_t>(best - times.begin())].get();
}

// Each takes its turn in every round, and its shortest time counts.
std::vector<double> Product::seconds() const {
  using Clock = std::chrono::steady_clock;
  constexpr int kRounds = 12;
  const auto size = [](std::int64_t rows, std::int64_t columns) {
    return static_cast<std::size_t>(rows * columns);
  };
  const std::vector<float> a(size(shape_.m, shape_.k), 0.25F), b(size(shape_.k, shape_.n), 0.5F);
  std::vector<float> out(size(shape_.m, shape_.n));
  const double flops = 2.0 * static_cast<double>(shape_.m * shape_.k * shape_.n);
  const int repeats = std::clamp(static_cast<int>(4e6 / flops), 1, 1000);
  std::vector<double> times(all_.size(), std::numeric_limits<double>::infinity());
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < all_.size(); ++i) {
      all_[i]->multiply(a.data(), b.data(), out.data());
      const auto begin = Clock::now();
      for (int repeat = 0; repeat < repeats; ++repeat) all_[i]->multiply(a.data(), b.data(), out.data());
      times[i] = std::min(times[i], std::chrono::duration<double>(Clock::now() - begin).count());
    }
  }
  return times;
}

double Product::share_of_best() const {
  const std::vector<double> times = seconds();
  double own = 0;
  for (std::size_t i = 0; i < all_.size(); ++i) {
    if (all_[i].get() == chosen_) own = times[i];
  }
  return *std::min_element(times.begin(), times.end()) / own;
}

double least_share(std::initializer_list<const Product*> products) {
  double least = 1;
  for (const Product* product : products) least = std::min(least, product->share_of_best());
  return least;
}

}  // namespace gradus::bench::floor
