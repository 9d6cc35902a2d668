#include <gradus/models/losses/mean_squared_error.h>

namespace gradus {

MeanSquaredError::MeanSquaredError(LossObjectOptions options)
    : Loss(Weighted([reduction = options.reduction](const Operand& y_true, const Operand& y_pred,
                                                    const Tensor& sample_weight) {
             return mean_squared_error(y_true, y_pred,
                                       {.reduction = reduction, .sample_weight = sample_weight});
           }),
           options.name.empty() ? "mean_squared_error" : options.name) {}

}  // namespace gradus
