#include <gradus/models/losses/circle.h>
#include <gradus/models/losses/crossentropy.h>
#include <gradus/models/losses/ctc.h>
#include <gradus/models/losses/hinge.h>
#include <gradus/models/losses/named_losses.h>
#include <gradus/models/losses/overlap.h>
#include <gradus/models/losses/probabilistic.h>
#include <gradus/models/losses/regression.h>

#include <array>

namespace gradus {

namespace {

template <class L>
Loss make() {
  return L();
}

// Keras's "crossentropy": binary for one output, sparse for labels that are class numbers, else categorical.
struct CrossentropyByShape : Loss {
  CrossentropyByShape()
      : Loss(Reducing([](const Operand& y_true, const Operand& y_pred, Reduction reduction) {
               const Shape labels = y_true.shape();
               const Shape outputs = y_pred.shape();
               if (outputs.rank() == 0 || outputs.back() == 1) {
                 return binary_crossentropy(y_true, y_pred, {.reduction = reduction});
               }
               if (labels.rank() < outputs.rank() || labels.back() == 1) {
                 return sparse_categorical_crossentropy(y_true, y_pred, {.reduction = reduction});
               }
               return categorical_crossentropy(y_true, y_pred, {.reduction = reduction});
             }),
             LossReduction(), "crossentropy") {}
};

constexpr auto kLosses = std::to_array<Named<Loss>>({
    {"mean_squared_error", make<MeanSquaredError>},
    {"mse", make<MeanSquaredError>},
    {"mean_absolute_error", make<MeanAbsoluteError>},
    {"mae", make<MeanAbsoluteError>},
    {"mean_absolute_percentage_error", make<MeanAbsolutePercentageError>},
    {"mape", make<MeanAbsolutePercentageError>},
    {"mean_squared_logarithmic_error", make<MeanSquaredLogarithmicError>},
    {"msle", make<MeanSquaredLogarithmicError>},
    {"huber", make<Huber>},
    {"log_cosh", make<LogCosh>},
    {"cosine_similarity", make<CosineSimilarity>},
    {"binary_crossentropy", make<BinaryCrossentropy>},
    {"bce", make<BinaryCrossentropy>},
    {"binary_focal_crossentropy", make<BinaryFocalCrossentropy>},
    {"categorical_crossentropy", make<CategoricalCrossentropy>},
    {"categorical_focal_crossentropy", make<CategoricalFocalCrossentropy>},
    {"categorical_generalized_cross_entropy", make<CategoricalGeneralizedCrossEntropy>},
    {"sparse_categorical_crossentropy", make<SparseCategoricalCrossentropy>},
    {"crossentropy", make<CrossentropyByShape>},
    {"ce", make<CrossentropyByShape>},
    {"kl_divergence", make<KLDivergence>},
    {"kld", make<KLDivergence>},
    {"poisson", make<Poisson>},
    {"hinge", make<Hinge>},
    {"squared_hinge", make<SquaredHinge>},
    {"categorical_hinge", make<CategoricalHinge>},
    {"dice", make<Dice>},
    {"tversky", make<Tversky>},
    {"circle", make<Circle>},
    {"ctc", make<CTC>},
});

}  // namespace

std::span<const Named<Loss>> named_losses() { return kLosses; }

}  // namespace gradus
