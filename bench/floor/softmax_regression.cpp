#include "floors.h"
#include "loops.h"
#include "product.h"

#include <Eigen/Core>
#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>

namespace gradus::bench::floor {

namespace {

constexpr int kSamples = 2048, kBatch = 32, kFeatures = 2, kClasses = 4;

using Inputs = Eigen::Matrix<float, kBatch, kFeatures, Eigen::RowMajor>;
using Weights = Eigen::Matrix<float, kFeatures, kClasses, Eigen::RowMajor>;
using Scores = Eigen::Matrix<float, kBatch, kClasses, Eigen::RowMajor>;
using Bias = Eigen::Matrix<float, 1, kClasses>;

// Sizes known to the compiler: Eigen's products unroll.
class Net {
 public:
  void step() {
    const Eigen::Map<const Inputs> x(x_.data() + at_ * kFeatures);
    const std::int64_t* labels = labels_.data() + at_;
    z_.noalias() = x.lazyProduct(w_);
    float loss = 0;
    for (int row = 0; row < kBatch; ++row) {
      auto one = z_.row(row);
      one += b_;
      one.array() -= one.maxCoeff();
      loss -= z_(row, labels[row]);
    }
    z_.array() = z_.array().exp();
    sums_ = z_.rowwise().sum().array();
    const Eigen::Array<float, kBatch, 1> scales = 1 / (sums_ * kBatch);
    for (int row = 0; row < kBatch; ++row) {
      z_.row(row) *= scales[row];
      z_(row, labels[row]) -= 1.0F / kBatch;
    }
    loss_ = (loss + sums_.log().sum()) / kBatch;
    dw_.noalias() = x.transpose().lazyProduct(z_);
    db_ = z_.colwise().sum();
    w_ -= kLearningRate * dw_;
    b_ -= kLearningRate * db_;
    at_ = (at_ + kBatch) % kSamples;
  }

  // The unrolled product beside the libraries' at its shape.
  double product_share() {
    using Clock = std::chrono::steady_clock;
    constexpr int kRounds = 12, kRepeats = 1000;
    const auto others = multipliers({.m = kBatch, .k = kFeatures, .n = kClasses}, 1);
    const auto seconds = [](const auto& multiply) {
      const auto begin = Clock::now();
      for (int i = 0; i < kRepeats; ++i) {
        multiply();
        asm volatile("" ::: "memory");
      }
      return std::chrono::duration<double>(Clock::now() - begin).count();
    };
    double own = std::numeric_limits<double>::infinity(), best = own;
    for (int round = 0; round < kRounds; ++round) {
      own =
          std::min(own, seconds([&] { z_.noalias() = Eigen::Map<const Inputs>(x_.data()).lazyProduct(w_); }));
      for (const auto& other : others) {
        best = std::min(best, seconds([&] { other->multiply(x_.data(), w_.data(), z_.data()); }));
      }
    }
    return std::min(best, own) / own;
  }

 private:
  Values x_ = uniform(kSamples * kFeatures, 1);
  std::vector<std::int64_t> labels_ = floor::labels(kSamples, 2, kClasses);
  Weights w_ = Weights::Random() * 0.05F, dw_;
  Bias b_ = Bias::Zero(), db_;
  Scores z_;
  Eigen::Array<float, kBatch, 1> sums_;
  int at_ = 0;
  volatile float loss_ = 0;
};

}  // namespace

Workload softmax_regression(const Settings&) {
  const auto made = std::make_shared<Net>();
  return {.step = [made] { made->step(); }, .product_share = [made] { return made->product_share(); }};
}

}  // namespace gradus::bench::floor
