#include "floors.h"
#include "loops.h"
#include "product.h"

#include <Eigen/Core>
#include <algorithm>
#include <memory>

namespace gradus::bench::floor {

namespace {

constexpr std::int64_t kBatch = 32, kSteps = 50, kFeatures = 128, kUnits = 128, kGates = 4 * kUnits;
constexpr std::int64_t kWidth = kFeatures + kUnits;  // of the input beside the hidden state

using Row = Eigen::Map<Eigen::Array<float, kUnits, 1>>;
using ConstRow = Eigen::Map<const Eigen::Array<float, kUnits, 1>>;

Values zeros(std::int64_t count) { return Values(static_cast<std::size_t>(count)); }

// Step by step: one product of [x, h] with both kernels, then the gates i, f, c, o.
class Net {
 public:
  explicit Net(int threads)
      : threads_(threads),
        forward_({.m = kBatch, .k = kWidth, .n = kGates}, threads),
        weight_gradient_({.m = kWidth, .k = kBatch, .n = kGates, .a_transposed = true, .into = true},
                         threads),
        state_gradient_({.m = kBatch, .k = kGates, .n = kUnits, .b_transposed = true}, threads) {}

  void step() {
    for (std::int64_t t = 0; t < kSteps; ++t) forward(t);
    loss();
    std::fill(dw_.begin(), dw_.end(), 0.0F);
    std::fill(db_.begin(), db_.end(), 0.0F);
    std::fill(dc_.begin(), dc_.end(), 0.0F);
    for (std::int64_t t = kSteps; t-- > 0;) backward(t);
    descend(w_, dw_, threads_);
    descend(b_, db_, threads_);
  }

  double product_share() const { return least_share({&forward_, &weight_gradient_, &state_gradient_}); }

 private:
  float* joined(std::int64_t t) { return joined_.data() + t * kBatch * kWidth; }
  float* gates(std::int64_t t) { return gates_.data() + t * kBatch * kGates; }
  float* cell(std::int64_t t) { return cells_.data() + t * kBatch * kUnits; }

  void forward(std::int64_t t) {
    for (std::int64_t row = 0; row < kBatch; ++row) {
      std::copy_n(x_.data() + (row * kSteps + t) * kFeatures, kFeatures, joined(t) + row * kWidth);
    }
    forward_(joined(t), w_.data(), gates(t));
#pragma omp parallel for num_threads(threads_) if (threads_ > 1)
    for (std::int64_t row = 0; row < kBatch; ++row) {
      float* const z = gates(t) + row * kGates;
      Eigen::Map<Eigen::ArrayXf>(z, kGates) += Eigen::Map<const Eigen::ArrayXf>(b_.data(), kGates);
      Row i(z), f(z + kUnits), g(z + 2 * kUnits), o(z + 3 * kUnits);
      i = 1 / (1 + (-i).exp());
      f = 1 / (1 + (-f).exp());
      g = g.tanh();
      o = 1 / (1 + (-o).exp());
      Row c(cell(t + 1) + row * kUnits);
      c = f * ConstRow(cell(t) + row * kUnits) + i * g;
      Row tanh_c(tanh_cells_.data() + (t * kBatch + row) * kUnits);
      tanh_c = c.tanh();
      Row(joined(t + 1) + row * kWidth + kFeatures) = o * tanh_c;
    }
  }

  void loss() {
    float sum = 0;
    constexpr auto kScale = 2.0F / (kBatch * kUnits);
    for (std::int64_t row = 0; row < kBatch; ++row) {
      Row gradient(dh_.data() + row * kUnits);
      gradient = ConstRow(joined(kSteps) + row * kWidth + kFeatures) - ConstRow(y_.data() + row * kUnits);
      sum += gradient.square().sum();
      gradient *= kScale;
    }
    loss_ = sum / (kBatch * kUnits);
  }

  void backward(std::int64_t t) {
#pragma omp parallel for num_threads(threads_) if (threads_ > 1)
    for (std::int64_t row = 0; row < kBatch; ++row) {
      const float* const z = gates(t) + row * kGates;
      const ConstRow i(z), f(z + kUnits), g(z + 2 * kUnits), o(z + 3 * kUnits);
      const ConstRow tanh_c(tanh_cells_.data() + (t * kBatch + row) * kUnits);
      const ConstRow dh(dh_.data() + row * kUnits);
      Row dc(dc_.data() + row * kUnits);
      float* const dz = dgates_.data() + row * kGates;
      Row(dz + 3 * kUnits) = dh * tanh_c * o * (1 - o);
      dc += dh * o * (1 - tanh_c.square());
      Row{dz} = dc * g * i * (1 - i);
      Row(dz + kUnits) = dc * ConstRow(cell(t) + row * kUnits) * f * (1 - f);
      Row(dz + 2 * kUnits) = dc * i * (1 - g.square());
      dc *= f;
    }
    Eigen::Map<Eigen::ArrayXf> sums(db_.data(), kGates);
    for (std::int64_t row = 0; row < kBatch; ++row) {
      sums += Eigen::Map<const Eigen::ArrayXf>(dgates_.data() + row * kGates, kGates);
    }
    weight_gradient_(joined(t), dgates_.data(), dw_.data());
    if (t > 0) state_gradient_(dgates_.data(), w_.data() + kFeatures * kGates, dh_.data());
  }

  int threads_;
  Values x_ = uniform(kBatch * kSteps * kFeatures, 1), y_ = uniform(kBatch * kUnits, 2);
  Values w_ = uniform(kWidth * kGates, 3, -0.05F, 0.05F), b_ = zeros(kGates);
  Values dw_ = zeros(kWidth * kGates), db_ = zeros(kGates);
  Values joined_ = zeros((kSteps + 1) * kBatch * kWidth), gates_ = zeros(kSteps * kBatch * kGates);
  Values cells_ = zeros((kSteps + 1) * kBatch * kUnits), tanh_cells_ = zeros(kSteps * kBatch * kUnits);
  Values dgates_ = zeros(kBatch * kGates), dh_ = zeros(kBatch * kUnits), dc_ = zeros(kBatch * kUnits);
  Product forward_, weight_gradient_, state_gradient_;
  volatile float loss_ = 0;
};

}  // namespace

Workload recurrent_net(const Settings& settings) {
  const auto made = std::make_shared<Net>(settings.threads);
  return {.step = [made] { made->step(); }, .product_share = [made] { return made->product_share(); }};
}

}  // namespace gradus::bench::floor
