#include <gradus/graph/error.h>
#include <gradus/models/layers/layer_fields.h>
#include <gradus/models/layers/same_shape.h>
#include <gradus/models/layers/sample_axes.h>
#include <gradus/models/layers/softmax.h>
#include <gradus/ops/activation.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>

namespace gradus {

template <>
inline constexpr auto kFields<SoftmaxLayerOptions> = std::tuple(field("axis", &SoftmaxLayerOptions::axis));

namespace {

constexpr double kMasked = -1e9;  // what Keras puts in the place of what is masked

class SoftmaxKind : public SameShape {
 public:
  explicit SoftmaxKind(SoftmaxLayerOptions options)
      : SameShape(common_options(options)), options_(std::move(options)) {
    if (options_.axis.empty()) throw ValueError("Softmax: axis is empty");
  }

  Variable call(const Operand& x, CallOptions options) override {
    if (options.mask.empty() || !options.mask.front().defined()) return along(x);
    const Tensor& mask = options.mask.front();
    const BroadcastShape both = broadcast_shapes(mask.shape(), x.shape());
    if (!both.ok || both.shape != x.shape()) {
      throw ShapeError(name() + ": the mask " + to_string(mask.shape()) +
                       " does not broadcast to the input " + to_string(x.shape()));
    }
    const Operand kept(mask, x.where());
    const Operand masked(where(kept, x, kMasked), x.where());
    return where(kept, Operand(along(masked), x.where()), 0);  // 0 where all are masked, too
  }

  Shape output_shape(const Shape& input) override {
    sample_axes(*this, options_.axis, input);
    return input;
  }
  Config get_config() const override { return options_config(options_); }

 private:
  Variable along(const Operand& x) const {
    if (options_.axis.size() == 1) return softmax(x, {.axis = options_.axis[0]});
    const Operand total(logsumexp(x, {.axis = options_.axis, .keepdims = true}), x.where());
    return exp(Operand(subtract(x, total), x.where()));
  }

  SoftmaxLayerOptions options_;
};

}  // namespace

Softmax::Softmax(SoftmaxLayerOptions options)
    : Layer(std::make_shared<SoftmaxKind>(std::move(options)), "Softmax") {}

Softmax Softmax::from_config(const Config& config) {
  return layer_from<Softmax, SoftmaxLayerOptions>(config, "Softmax");
}

}  // namespace gradus
