#pragma once

#include <cstdint>
#include <memory>
#include <vector>

// The floor's matrix products: Eigen's or oneDNN's, whichever is faster at a shape.
namespace gradus::bench::floor {

// out[m, n] = a[m, k] b[k, n], or += for `into`; a transposed operand is stored the other way round.
struct ProductShape {
  std::int64_t m = 0, k = 0, n = 0;
  bool a_transposed = false, b_transposed = false;
  bool into = false;
};

// A way to multiply matrices of one shape.
class Multiplier {
 public:
  virtual ~Multiplier() = default;
  virtual void multiply(const float* a, const float* b, float* out) const = 0;
};

// Every library's way, on one thread and on all.
std::vector<std::unique_ptr<Multiplier>> multipliers(const ProductShape& shape, int threads);

// Measures them when it is made, and keeps the fastest.
class Product {
 public:
  Product(const ProductShape& shape, int threads);
  void operator()(const float* a, const float* b, float* out) const { chosen_->multiply(a, b, out); }
  // How much of the best one's rate this one has, both measured anew.
  double share_of_best() const;

 private:
  std::vector<double> seconds() const;  // of each multiplier

  ProductShape shape_;
  std::vector<std::unique_ptr<Multiplier>> all_;
  const Multiplier* chosen_ = nullptr;
};

// The least share of any of them.
double least_share(std::initializer_list<const Product*> products);

}  // namespace gradus::bench::floor
