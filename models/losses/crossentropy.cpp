#include <gradus/graph/error.h>
#include <gradus/graph/number_text.h>
#include <gradus/graph/recording.h>
#include <gradus/models/losses/class_labels.h>
#include <gradus/models/losses/crossentropy.h>
#include <gradus/models/losses/op_loss.h>
#include <gradus/ops/elementwise.h>

namespace gradus {

namespace {

CrossentropyOptions settings(const CrossentropyLossOptions& options) {
  return {.from_logits = options.from_logits, .label_smoothing = options.label_smoothing};
}

// The losses of samples of which those with one label do not count. They take part with class 0, whose loss
// is then dropped: so y_pred stays as it is, and the op still sees a softmax.
LossValues without_class(const Operand& y_true, const Operand& y_pred, std::int64_t ignored,
                         const SparseCrossentropyOptions& options) {
  if (!y_true.has_value()) return {sparse_categorical_crossentropy(y_true, y_pred, options)};
  Tensor labels, counts;
  {
    const NoGrad guard;
    const Variable other = not_equal(y_true, ignored);
    labels = where(other, y_true, 0).value();
    counts = other.value();
  }
  const Variable values = sparse_categorical_crossentropy(Operand(labels, y_true.where()), y_pred, options);
  counts = counts.reshape(values.shape());
  return {where(counts, values, 0), counts};
}

Loss sparse(const SparseCrossentropyLossOptions& options) {
  const std::string_view name = name_or(options.name, "sparse_categorical_crossentropy");
  SparseCrossentropyOptions settings{.from_logits = options.from_logits};
  // Labels have an axis to move only where they have that of the classes, of extent 1.
  const auto labels = [axis = options.axis](const Operand& y_true, const Operand& y_pred) {
    return y_true.rank() == y_pred.rank() ? axis_last(y_true, axis) : y_true;
  };
  if (!options.ignore_class) {
    return {
        Loss::Reducing([labels, axis = options.axis, op = with(sparse_categorical_crossentropy, settings)](
                           const Operand& y_true, const Operand& y_pred, Reduction reduction) {
          if (axis == -1) return op(y_true, y_pred, reduction);
          return op(labels(y_true, y_pred), axis_last(y_pred, axis), reduction);
        }),
        options.reduction, name};
  }
  settings.reduction = Reduction::none;
  return {Loss::Values([labels, axis = options.axis, ignored = *options.ignore_class, settings](
                           const Operand& y_true, const Operand& y_pred) {
            return without_class(labels(y_true, y_pred), axis_last(y_pred, axis), ignored, settings);
          }),
          options.reduction, name};
}

}  // namespace

BinaryCrossentropy::BinaryCrossentropy(CrossentropyLossOptions options)
    : Loss(Reducing(along(options.axis, with(binary_crossentropy, settings(options)))), options.reduction,
           name_or(options.name, "binary_crossentropy")) {}

CategoricalCrossentropy::CategoricalCrossentropy(CrossentropyLossOptions options)
    : Loss(Reducing(along(options.axis, with(categorical_crossentropy, settings(options)))),
           options.reduction, name_or(options.name, "categorical_crossentropy")) {}

SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(SparseCrossentropyLossOptions options)
    : Loss(sparse(options)) {}

BinaryFocalCrossentropy::BinaryFocalCrossentropy(BinaryFocalLossOptions options)
    : Loss(Reducing(along(options.axis,
                          with(binary_focal_crossentropy,
                               BinaryFocalOptions{.apply_class_balancing = options.apply_class_balancing,
                                                  .alpha = options.alpha,
                                                  .gamma = options.gamma,
                                                  .from_logits = options.from_logits,
                                                  .label_smoothing = options.label_smoothing}))),
           options.reduction, name_or(options.name, "binary_focal_crossentropy")) {}

CategoricalFocalCrossentropy::CategoricalFocalCrossentropy(CategoricalFocalLossOptions options)
    : Loss(Reducing(along(options.axis,
                          with(categorical_focal_crossentropy,
                               CategoricalFocalOptions{.alpha = options.alpha,
                                                       .gamma = options.gamma,
                                                       .from_logits = options.from_logits,
                                                       .label_smoothing = options.label_smoothing}))),
           options.reduction, name_or(options.name, "categorical_focal_crossentropy")) {}

CategoricalGeneralizedCrossEntropy::CategoricalGeneralizedCrossEntropy(
    GeneralizedCrossentropyLossOptions options)
    : Loss(Values([q = options.q](const Operand& y_true, const Operand& y_pred) {
             constexpr std::string_view kName = "categorical_generalized_cross_entropy";
             const Shape shape = y_pred.shape();
             if (shape.rank() == 0)
               throw ShapeError(std::string(kName) + ": y_pred needs an axis of classes");
             const Shape samples(Dims(std::span(shape.begin(), shape.end() - 1)));
             const Tensor labels = class_labels(kName, y_true, samples, shape.back());
             const Variable p =
                 squeeze(take_along_axis(y_pred, expand_dims(labels, {.axis = -1})), {.axis = -1});
             return LossValues{divide(subtract(1, power(p, q)), q)};
           }),
           options.reduction, name_or(options.name, "categorical_generalized_cross_entropy")) {
  if (!(options.q > 0 && options.q < 1)) {
    throw ValueError("categorical_generalized_cross_entropy: q " + scalar_text(options.q) +
                     " is outside (0, 1)");
  }
}

}  // namespace gradus
