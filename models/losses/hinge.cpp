#include <gradus/models/losses/hinge.h>
#include <gradus/models/losses/op_loss.h>

namespace gradus {

Hinge::Hinge(LossObjectOptions options)
    : Loss(Reducing(with(hinge)), options.reduction, name_or(options.name, "hinge")) {}

SquaredHinge::SquaredHinge(LossObjectOptions options)
    : Loss(Reducing(with(squared_hinge)), options.reduction, name_or(options.name, "squared_hinge")) {}

CategoricalHinge::CategoricalHinge(LossObjectOptions options)
    : Loss(Reducing(with(categorical_hinge)), options.reduction, name_or(options.name, "categorical_hinge")) {
}

}  // namespace gradus
