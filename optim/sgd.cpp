#include <gradus/optim/check.h>
#include <gradus/optim/elementwise.h>
#include <gradus/optim/sgd.h>
#include <gradus/optim/shared_options.h>

namespace gradus {

namespace {

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
    if (momentum_ == 0) {
      update_elements<0>(u, [&]<class T>() {
        return [rate = static_cast<T>(u.learning_rate)](T& w, T g) { w -= rate * g; };
      });
    } else if (nesterov_) {
      update_elements<1>(u, [&]<class T>() {
        return
            [rate = static_cast<T>(u.learning_rate), momentum = static_cast<T>(momentum_)](T& w, T g, T& m) {
              const T downhill = rate * g;
              m = momentum * m - downhill;
              w += momentum * m - downhill;
            };
      });
    } else {
      update_elements<1>(u, [&]<class T>() {
        return
            [rate = static_cast<T>(u.learning_rate), momentum = static_cast<T>(momentum_)](T& w, T g, T& m) {
              m = momentum * m - rate * g;
              w += m;
            };
      });
    }
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
