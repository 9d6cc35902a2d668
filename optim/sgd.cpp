#include <gradus/optim/check.h>
#include <gradus/optim/sgd.h>
#include <gradus/optim/shared_options.h>
#include <gradus/optim/sweep.h>

namespace gradus {

namespace {

template <class T>
void descend(std::size_t count, T* __restrict w, const T* __restrict g, T rate) {
  for (std::size_t i = 0; i < count; ++i) w[i] -= rate * g[i];
}

template <class T>
void descend_with_momentum(std::size_t count, T* __restrict w, T* __restrict m, const T* __restrict g, T rate,
                           T momentum) {
  for (std::size_t i = 0; i < count; ++i) {
    m[i] = momentum * m[i] - rate * g[i];
    w[i] += m[i];
  }
}

template <class T>
void descend_nesterov(std::size_t count, T* __restrict w, T* __restrict m, const T* __restrict g, T rate,
                      T momentum) {
  for (std::size_t i = 0; i < count; ++i) {
    const T downhill = rate * g[i];
    m[i] = momentum * m[i] - downhill;
    w[i] += momentum * m[i] - downhill;
  }
}

class SGDKind : public Optimizer::Kind {
 public:
  explicit SGDKind(const SGDOptions& options)
      : Kind(options.learning_rate, shared_options(options), "SGD"),
        momentum_(options.momentum),
        nesterov_(options.nesterov) {
    check::fraction("SGD", "momentum", momentum_);
  }

  std::string_view name() const override { return "SGD"; }
  std::vector<Slot> slots() const override {
    if (momentum_ == 0) return {};
    return {{.name = "momentum"}};
  }
  void update(const Update& u) const override {
    dispatch_floating(u.value.dtype(), [&]<class T>() {
      const auto values = u.value.mutable_values<T>();
      T *w = values.data(), *m = momentum_ == 0 ? nullptr : u.slots[0].raw<T>();
      const T* g = u.gradient.raw<T>();
      const T rate = static_cast<T>(u.learning_rate), momentum = static_cast<T>(momentum_);
      sweep(values.size(), [=, this](std::size_t first, std::size_t count) {
        if (momentum_ == 0) {
          descend(count, w + first, g + first, rate);
        } else if (nesterov_) {
          descend_nesterov(count, w + first, m + first, g + first, rate, momentum);
        } else {
          descend_with_momentum(count, w + first, m + first, g + first, rate, momentum);
        }
      });
    });
  }
  bool takes_rows() const override { return momentum_ == 0; }
  void update_rows(Tensor& value, const RowGradient& gradient, double learning_rate) const override {
    add_rows(value, gradient, -learning_rate);
    value.buffer()->bump_version();
  }

 private:
  double momentum_;
  bool nesterov_;
};

}  // namespace

SGD::SGD(SGDOptions options) : Optimizer(SGDKind(options)) {}

SGD::SGD(const Variables& parameters, SGDOptions options) : SGD(options) { build(parameters); }

SGD::SGD(const Variable& parameter, SGDOptions options) : SGD(Variables(parameter), options) {}

}  // namespace gradus
