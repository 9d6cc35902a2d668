#include <gradus/models/losses/op_loss.h>
#include <gradus/models/losses/regression.h>

namespace gradus {

MeanSquaredError::MeanSquaredError(LossObjectOptions options)
    : Loss(Reducing(with(mean_squared_error)), options.reduction,
           name_or(options.name, "mean_squared_error")) {}

MeanAbsoluteError::MeanAbsoluteError(LossObjectOptions options)
    : Loss(Reducing(with(mean_absolute_error)), options.reduction,
           name_or(options.name, "mean_absolute_error")) {}

MeanAbsolutePercentageError::MeanAbsolutePercentageError(LossObjectOptions options)
    : Loss(Reducing(with(mean_absolute_percentage_error)), options.reduction,
           name_or(options.name, "mean_absolute_percentage_error")) {}

MeanSquaredLogarithmicError::MeanSquaredLogarithmicError(LossObjectOptions options)
    : Loss(Reducing(with(mean_squared_logarithmic_error)), options.reduction,
           name_or(options.name, "mean_squared_logarithmic_error")) {}

Huber::Huber(HuberLossOptions options)
    : Loss(Reducing(with(huber, HuberOptions{.delta = options.delta})), options.reduction,
           name_or(options.name, "huber_loss")) {}

LogCosh::LogCosh(LossObjectOptions options)
    : Loss(Reducing(with(log_cosh)), options.reduction, name_or(options.name, "log_cosh")) {}

CosineSimilarity::CosineSimilarity(CosineSimilarityLossOptions options)
    : Loss(Reducing(with(cosine_similarity, CosineSimilarityOptions{.axis = options.axis})),
           options.reduction, name_or(options.name, "cosine_similarity")) {}

}  // namespace gradus
