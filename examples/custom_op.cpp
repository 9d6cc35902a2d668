// Ops of one's own: an elementwise one in a few lines, and a structural one. Both get gradients of every
// order, errors with shapes and the caller's line, and a place in the graph; gradcheck compares them with
// finite differences.

#include <gradus/gradus.h>
#include <gradus/ops/custom.h>

#include <cstdio>

using namespace gradus;

// x sigmoid(beta x). The rules are plain formulas: over numbers they run fused, over Variables they are
// differentiated.
struct Swish {
  static constexpr std::string_view kName = "swish";
  double beta = 1;
  auto f(auto x) const { return x * sigmoid(beta * x); }
  auto df(auto g, auto x, auto y) const {
    auto s = sigmoid(beta * x);
    return g * (s + beta * y * (1 - s));
  }
};
Variable swish(const Operand& x, double beta = 1) { return apply(Swish{.beta = beta}, x); }

// k a bᵀ of two vectors: [m], [n] -> [m, n].
Variable weighted_outer(const Operand& a, const Operand& b, double k = 1);

class WeightedOuter : public Op {
 public:
  explicit WeightedOuter(double k) : k_(k) {}
  std::string_view name() const override { return "weighted_outer"; }
  OpAttributes attributes() const override { return {{"k", std::to_string(k_)}}; }
  Shape infer_shape(const Call& call) const override {
    if (call.shape(0).rank() != 1 || call.shape(1).rank() != 1) throw call.shape_error("needs two vectors");
    return {call.shape(0)[0], call.shape(1)[0]};
  }
  void forward(Forward& forward) const override {
    const Tensor &a = forward.value(0), &b = forward.value(1);
    dispatch_floating(a.dtype(), [&]<class T>() {
      T* out = forward.output().raw<T>();
      for (const T left : a.values<T>()) {
        for (const T right : b.values<T>()) *out++ = static_cast<T>(k_) * left * right;
      }
    });
  }
  void vjp(Backward& b) const override {
    if (b.needs(0)) b.give(0, k_ * matmul(b.gradient(), b.input(1)));
    if (b.needs(1)) b.give(1, k_ * matmul(b.input(0), b.gradient()));
  }

 private:
  double k_;
};

Variable weighted_outer(const Operand& a, const Operand& b, double k) {
  return apply(WeightedOuter(k), {a, b});
}

int main() {
  Random random(1);
  const auto swish_check = gradcheck([](const Operand& x) { return swish(x, 2); }, {random.normal({3, 4})});
  const auto outer_check =
      gradcheck([](const Operand& a, const Operand& b) { return weighted_outer(a, b, 0.5); },
                {random.normal({3}), random.normal({4})});
  std::printf("swish: relative error %.1e\nweighted_outer: relative error %.1e\n", swish_check.error(),
              outer_check.error());

  try {
    weighted_outer(random.normal({3}), random.normal({2, 2}));
  } catch (const ShapeError& error) {
    std::printf("%s\n", error.what());
  }
  return swish_check && outer_check ? 0 : 1;
}
