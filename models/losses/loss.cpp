#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/losses/crossentropy.h>
#include <gradus/models/losses/loss.h>
#include <gradus/models/losses/mean_squared_error.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>

#include <array>

namespace gradus {

namespace {

class FunctionLoss : public Loss::Kind {
 public:
  using Function = std::function<Variable(const Operand&, const Operand&, const Tensor&)>;
  FunctionLoss(Function function, std::string_view name) : function_(std::move(function)), name_(name) {}

  Variable call(const Operand& y_true, const Operand& y_pred, const Tensor& weight) const override {
    return function_(y_true, y_pred, weight);
  }
  std::string_view name() const override { return name_; }

 private:
  Function function_;
  std::string name_;
};

// Keras's "crossentropy": binary for one output, sparse for labels that are class numbers, else categorical.
Variable crossentropy(const Operand& y_true, const Operand& y_pred, const Tensor& weight) {
  const Shape labels = y_true.shape();
  const Shape outputs = y_pred.shape();
  if (outputs.rank() == 0 || outputs.back() == 1) {
    return binary_crossentropy(y_true, y_pred, {.sample_weight = weight});
  }
  if (labels.rank() < outputs.rank() || labels.back() == 1) {
    return sparse_categorical_crossentropy(y_true, y_pred, {.sample_weight = weight});
  }
  return categorical_crossentropy(y_true, y_pred, {.sample_weight = weight});
}

constexpr std::array<std::string_view, 8> kNames = {"mean_squared_error",
                                                    "mse",
                                                    "binary_crossentropy",
                                                    "bce",
                                                    "categorical_crossentropy",
                                                    "sparse_categorical_crossentropy",
                                                    "crossentropy",
                                                    "ce"};

}  // namespace

Loss::Loss(Weighted function, std::string_view name)
    : kind_(std::make_shared<FunctionLoss>(std::move(function), name)) {}

Loss::Loss(std::string_view name) {
  switch (find_name("loss", name, kNames)) {
    case 0:
    case 1: *this = MeanSquaredError(); break;
    case 2:
    case 3: *this = BinaryCrossentropy(); break;
    case 4: *this = CategoricalCrossentropy(); break;
    case 5: *this = SparseCategoricalCrossentropy(); break;
    default: *this = Loss(Weighted(crossentropy), "crossentropy"); break;
  }
}

Loss::Weighted Loss::averaged(Function function) {
  return [function = std::move(function)](const Operand& y_true, const Operand& y_pred,
                                          const Tensor& sample_weight) {
    Variable values = function(y_true, y_pred);
    if (!sample_weight.defined()) return values.rank() == 0 ? values : mean(values);
    if (values.shape() != sample_weight.shape()) {
      throw ShapeError("loss: sample weights need a loss function that gives one value for each of the " +
                       std::to_string(sample_weight.size()) + " samples; it gave " +
                       to_string(values.shape()));
    }
    return mean(multiply(values, sample_weight));
  };
}

Variable Loss::operator()(const Operand& y_true, const Operand& y_pred, const Tensor& sample_weight) const {
  if (!kind_) throw StateError("Loss: it was made without a function");
  return kind_->call(y_true, y_pred, sample_weight);
}

std::string_view Loss::name() const { return kind_ ? kind_->name() : std::string_view(); }

}  // namespace gradus
