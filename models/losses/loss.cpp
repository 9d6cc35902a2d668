#include <gradus/graph/error.h>
#include <gradus/models/losses/loss.h>
#include <gradus/models/losses/named_losses.h>
#include <gradus/models/losses/sample_weights.h>
#include <gradus/ops/elementwise.h>

namespace gradus {

namespace {

template <class Function>
class FunctionLoss : public Loss::Kind {
 public:
  FunctionLoss(Function function, LossReduction reduction, std::string_view name)
      : function_(std::move(function)), reduction_(reduction), name_(name) {}

  Variable call(const Operand& y_true, const Operand& y_pred, const Tensor& weight) const override {
    if constexpr (kReduces) {
      if (!weight.defined()) return function_(y_true, y_pred, reduction_.without_weights());
    }
    return reduced(values(y_true, y_pred), weight, reduction_, name_, y_pred.where());
  }
  LossValues values(const Operand& y_true, const Operand& y_pred) const override {
    if constexpr (kReduces) {
      return {function_(y_true, y_pred, Reduction::none)};
    } else {
      return function_(y_true, y_pred);
    }
  }
  LossReduction reduction() const override { return reduction_; }
  std::string_view name() const override { return name_; }

 private:
  static constexpr bool kReduces =
      std::is_invocable_v<const Function&, const Operand&, const Operand&, Reduction>;
  Function function_;
  LossReduction reduction_;
  std::string name_;
};

}  // namespace

Loss::Loss(Values function, LossReduction reduction, std::string_view name)
    : kind_(std::make_shared<FunctionLoss<Values>>(std::move(function), reduction, name)) {}

Loss::Loss(Reducing function, LossReduction reduction, std::string_view name)
    : kind_(std::make_shared<FunctionLoss<Reducing>>(std::move(function), reduction, name)) {}

Loss::Loss(std::string_view name) : Loss(find_named("loss", name, named_losses()).make()) {}

const Loss::Kind& Loss::kind() const {
  if (!kind_) throw StateError("Loss: it was made without a function");
  return *kind_;
}

Variable Loss::operator()(const Operand& y_true, const Operand& y_pred, const Tensor& sample_weight) const {
  return kind().call(y_true, y_pred, sample_weight);
}

Variable Loss::masked(const Operand& y_true, const Operand& y_pred, const Tensor& sample_weight,
                      const Tensor& mask) const {
  LossValues losses = kind().values(y_true, y_pred);
  if (mask.shape() != losses.values.shape()) return (*this)(y_true, y_pred, sample_weight);
  losses.mask = losses.mask.defined() ? logical_and(losses.mask, mask).value() : mask;
  return reduced(losses, sample_weight, kind().reduction(), name(), y_pred.where());
}

LossValues Loss::values(const Operand& y_true, const Operand& y_pred) const {
  return kind().values(y_true, y_pred);
}

std::string_view Loss::name() const { return kind_ ? kind_->name() : std::string_view(); }

}  // namespace gradus
