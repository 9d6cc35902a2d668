#include <gradus/graph/error.h>
#include <gradus/models/layer_checks.h>
#include <gradus/models/layers/layer_config.h>
#include <gradus/models/layers/merge.h>
#include <gradus/models/sample_shape.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/shape.h>

namespace gradus {

namespace {

void require_inputs(const Layer::Kind& layer, std::size_t count, std::size_t least, std::size_t most) {
  if (count >= least && count <= most) return;
  throw ValueError(layer.name() + ": " + layer.class_name() + " takes " +
                   (least == most ? std::to_string(least) : "at least " + std::to_string(least)) +
                   " inputs, got " + std::to_string(count) + ": give them in braces");
}

// Axes of extent 1 behind the batch's until the rank is reached.
std::vector<std::int64_t> padded(const Shape& sample, int rank) {
  std::vector<std::int64_t> dims(static_cast<std::size_t>(rank - sample.rank()), 1);
  dims.insert(dims.end(), sample.begin(), sample.end());
  return dims;
}

// A layer whose output is its inputs combined pair by pair.
class Pairwise : public Layer::Kind {
 public:
  using Combine = Variable (*)(const Operand&, const Operand&);
  static constexpr std::size_t kAny = SIZE_MAX;

  Pairwise(LayerOptions options, Combine combine, std::size_t most = kAny)
      : Kind(std::move(options)), combine_(combine), most_(most) {}

  void build_all(const std::vector<Shape>& inputs) override { output_shapes(inputs); }

  std::vector<Variable> call_all(const std::vector<Operand>& inputs, const CallOptions&) override {
    require_inputs(*this, inputs.size(), 2, most_);
    require_same_rows(*this, inputs);
    int rank = 0;
    for (const Operand& x : inputs) rank = std::max(rank, x.rank());
    Variable sum = aligned(inputs.front(), rank);
    for (std::size_t i = 1; i < inputs.size(); ++i) {
      sum = combine_(Operand(std::move(sum), inputs[i].where()),
                     Operand(aligned(inputs[i], rank), inputs[i].where()));
    }
    return {finish(std::move(sum), inputs.size())};
  }

  std::vector<Shape> output_shapes(const std::vector<Shape>& inputs) override {
    require_inputs(*this, inputs.size(), 2, most_);
    int rank = 0;
    for (const Shape& input : inputs) rank = std::max(rank, input.rank());
    Shape result(padded(inputs.front(), rank));
    for (const Shape& input : inputs) {
      const BroadcastShape both = broadcast_shapes(result, Shape(padded(input, rank)));
      if (!both.ok) {
        throw ShapeError(name() + ": inputs of shapes " + batch_text(inputs.front()) + " and " +
                         batch_text(input) + " do not fit together");
      }
      result = both.shape;
    }
    return {result};
  }

  // A step counts where it does in any of the inputs.
  std::vector<Tensor> output_masks(const std::vector<Operand>& inputs,
                                   const std::vector<Tensor>& masks) override {
    if (masks.size() != inputs.size()) return {};
    Variable any;
    for (const Tensor& mask : masks) {
      if (!mask.defined()) return {};
      any = any.defined() ? logical_or(any, mask) : Variable(mask);
    }
    return {any.value()};
  }

  Config get_config() const override { return {}; }

 protected:
  virtual Variable finish(Variable sum, std::size_t) { return sum; }

 private:
  static Variable aligned(const Operand& x, int rank) {
    if (x.rank() == rank) return x.variable();
    const Shape shape = x.shape();
    return reshape(x, batch_shape(Shape(padded(sample_shape(shape), rank - 1)), shape[0]).dims());
  }

  Combine combine_;
  std::size_t most_;
};

class AverageKind : public Pairwise {
 public:
  using Pairwise::Pairwise;

 protected:
  Variable finish(Variable sum, std::size_t count) override {
    return multiply(sum, 1.0 / static_cast<double>(count));
  }
};

template <class K = Pairwise>
std::shared_ptr<Layer::Kind> pairwise(LayerOptions options, Pairwise::Combine combine,
                                      std::size_t most = Pairwise::kAny) {
  return std::make_shared<K>(std::move(options), combine, most);
}

}  // namespace

Add::Add(LayerOptions options) : Layer(pairwise(std::move(options), add), "Add") {}
Subtract::Subtract(LayerOptions options) : Layer(pairwise(std::move(options), subtract, 2), "Subtract") {}
Multiply::Multiply(LayerOptions options) : Layer(pairwise(std::move(options), multiply), "Multiply") {}
Average::Average(LayerOptions options) : Layer(pairwise<AverageKind>(std::move(options), add), "Average") {}
Maximum::Maximum(LayerOptions options) : Layer(pairwise(std::move(options), maximum), "Maximum") {}
Minimum::Minimum(LayerOptions options) : Layer(pairwise(std::move(options), minimum), "Minimum") {}

Add Add::from_config(const Config& config) { return plain_layer<Add>(config, "Add"); }
Subtract Subtract::from_config(const Config& config) { return plain_layer<Subtract>(config, "Subtract"); }
Multiply Multiply::from_config(const Config& config) { return plain_layer<Multiply>(config, "Multiply"); }
Average Average::from_config(const Config& config) { return plain_layer<Average>(config, "Average"); }
Maximum Maximum::from_config(const Config& config) { return plain_layer<Maximum>(config, "Maximum"); }
Minimum Minimum::from_config(const Config& config) { return plain_layer<Minimum>(config, "Minimum"); }

}  // namespace gradus
