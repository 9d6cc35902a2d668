#include <gradus/models/losses/op_loss.h>
#include <gradus/models/losses/probabilistic.h>

namespace gradus {

KLDivergence::KLDivergence(LossObjectOptions options)
    : Loss(Reducing(with(kl_divergence)), options.reduction, name_or(options.name, "kl_divergence")) {}

Poisson::Poisson(LossObjectOptions options)
    : Loss(Reducing(with(poisson)), options.reduction, name_or(options.name, "poisson")) {}

}  // namespace gradus
