#include <gradus/models/losses/crossentropy.h>

namespace gradus {

namespace {

// A function for compile from an op and the settings it is to be called with.
template <class Options>
auto with(Variable (*op)(const Operand&, const Operand&, Options), Options options) {
  return [op, options = std::move(options)](const Operand& y_true, const Operand& y_pred,
                                            const Tensor& sample_weight) {
    Options weighted = options;
    weighted.sample_weight = sample_weight;
    return op(y_true, y_pred, std::move(weighted));
  };
}

CrossentropyOptions settings(const CrossentropyLossOptions& options) {
  return {.from_logits = options.from_logits,
          .label_smoothing = options.label_smoothing,
          .reduction = options.reduction};
}

std::string_view name_or(const std::string& name, std::string_view otherwise) {
  return name.empty() ? otherwise : std::string_view(name);
}

}  // namespace

BinaryCrossentropy::BinaryCrossentropy(CrossentropyLossOptions options)
    : Loss(Weighted(with(binary_crossentropy, settings(options))),
           name_or(options.name, "binary_crossentropy")) {}

CategoricalCrossentropy::CategoricalCrossentropy(CrossentropyLossOptions options)
    : Loss(Weighted(with(categorical_crossentropy, settings(options))),
           name_or(options.name, "categorical_crossentropy")) {}

SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(SparseCrossentropyLossOptions options)
    : Loss(Weighted(with(sparse_categorical_crossentropy,
                         SparseCrossentropyOptions{.from_logits = options.from_logits,
                                                   .reduction = options.reduction})),
           name_or(options.name, "sparse_categorical_crossentropy")) {}

}  // namespace gradus
