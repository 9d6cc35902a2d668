#include <gradus/gradus.h>
#include <gradus/ops/custom.h>

#include <Eigen/LU>

using namespace gradus;

struct Swish {
  static constexpr std::string_view kName = "swish";
  auto f(auto x) const { return x * sigmoid(x); }
  auto df(auto g, auto x, auto y) const {
    auto s = sigmoid(x);
    return g * (y + s * (1 - y));
  }
};
Variable swish(const Operand& x) { return apply(Swish{}, x); }

// Eigen of the program's own, beside what is Gradus's.
bool inverts() {
  const Eigen::MatrixXf a = Eigen::MatrixXf::Random(64, 64) + 8 * Eigen::MatrixXf::Identity(64, 64);
  const Eigen::MatrixXf one = a * a.partialPivLu().inverse();
  return one.isIdentity(1e-2F);
}

int main() {
  Random random(42);
  return gradcheck(swish, {random.normal({3, 4})}) && inverts() ? 0 : 1;
}
