// Every loss against PyTorch: values, reductions, weights and gradients.

#include <gradus/graph/gradcheck.h>
#include <gradus/models/losses/circle.h>
#include <gradus/models/losses/crossentropy.h>
#include <gradus/models/losses/ctc.h>
#include <gradus/models/losses/hinge.h>
#include <gradus/models/losses/overlap.h>
#include <gradus/models/losses/probabilistic.h>
#include <gradus/models/losses/regression.h>
#include <gradus/ops/reduction.h>

#include <gtest/gtest.h>

#include <functional>
#include <ostream>

#include "../reference.h"

namespace gradus {
namespace {

using testing_data::reference;
using testing_data::tensor_of;

struct LossCase {
  std::string name;
  std::function<Loss(LossReduction)> make;
};
void PrintTo(const LossCase& given, std::ostream* out) { *out << given.name; }

template <class L>
LossCase plain(std::string name) {
  return {std::move(name), [](LossReduction r) { return L({.reduction = r}); }};
}

std::vector<LossCase> cases() {
  using R = LossReduction;
  return {
      plain<MeanSquaredError>("mean_squared_error"),
      plain<MeanSquaredError>("mean_squared_error_of_sequences"),
      plain<MeanAbsoluteError>("mean_absolute_error"),
      plain<MeanAbsolutePercentageError>("mean_absolute_percentage_error"),
      plain<MeanAbsolutePercentageError>("mean_absolute_percentage_error_of_zeros"),
      plain<MeanSquaredLogarithmicError>("mean_squared_logarithmic_error"),
      plain<Huber>("huber"),
      {"huber_narrow", [](R r) { return Huber({.delta = 0.3, .reduction = r}); }},
      plain<LogCosh>("log_cosh"),
      plain<CosineSimilarity>("cosine_similarity"),
      {"cosine_similarity_axis", [](R r) { return CosineSimilarity({.axis = 0, .reduction = r}); }},
      plain<BinaryCrossentropy>("binary_crossentropy"),
      plain<BinaryCrossentropy>("binary_crossentropy_saturated"),
      {"binary_crossentropy_logits",
       [](R r) { return BinaryCrossentropy({.from_logits = true, .reduction = r}); }},
      {"binary_crossentropy_smooth",
       [](R r) { return BinaryCrossentropy({.label_smoothing = 0.2, .reduction = r}); }},
      {"binary_crossentropy_axis", [](R r) { return BinaryCrossentropy({.axis = 0, .reduction = r}); }},
      plain<BinaryFocalCrossentropy>("binary_focal_crossentropy"),
      {"binary_focal_crossentropy_balanced",
       [](R r) {
         return BinaryFocalCrossentropy({.apply_class_balancing = true,
                                         .alpha = 0.4,
                                         .gamma = 1.5,
                                         .label_smoothing = 0.1,
                                         .reduction = r});
       }},
      plain<CategoricalCrossentropy>("categorical_crossentropy"),
      {"categorical_crossentropy_logits",
       [](R r) { return CategoricalCrossentropy({.from_logits = true, .reduction = r}); }},
      {"categorical_crossentropy_smooth",
       [](R r) { return CategoricalCrossentropy({.label_smoothing = 0.3, .reduction = r}); }},
      {"categorical_crossentropy_axis",
       [](R r) { return CategoricalCrossentropy({.axis = 1, .reduction = r}); }},
      plain<CategoricalFocalCrossentropy>("categorical_focal_crossentropy"),
      {"categorical_focal_crossentropy_other",
       [](R r) {
         return CategoricalFocalCrossentropy(
             {.alpha = 0.6, .gamma = 1, .label_smoothing = 0.1, .reduction = r});
       }},
      plain<SparseCategoricalCrossentropy>("sparse_categorical_crossentropy"),
      {"sparse_categorical_crossentropy_axis",
       [](R r) { return SparseCategoricalCrossentropy({.reduction = r, .axis = 1}); }},
      {"sparse_ignoring",
       [](R r) { return SparseCategoricalCrossentropy({.ignore_class = -1, .reduction = r}); }},
      {"sparse_ignoring_logits",
       [](R r) {
         return SparseCategoricalCrossentropy({.from_logits = true, .ignore_class = 2, .reduction = r});
       }},
      plain<CategoricalGeneralizedCrossEntropy>("categorical_generalized_cross_entropy"),
      {"categorical_generalized_cross_entropy_q",
       [](R r) { return CategoricalGeneralizedCrossEntropy({.q = 0.9, .reduction = r}); }},
      plain<KLDivergence>("kl_divergence"),
      plain<KLDivergence>("kl_divergence_of_certainty"),
      plain<Poisson>("poisson"),
      plain<Hinge>("hinge"),
      plain<Hinge>("hinge_of_signs"),
      plain<SquaredHinge>("squared_hinge"),
      plain<CategoricalHinge>("categorical_hinge"),
      {"dice",
       [](R r) {
         return Dice({.reduction = r, .axis = {1, 2}});
       }},
      {"tversky", [](R r) { return Tversky({.alpha = 0.3, .beta = 0.7, .reduction = r, .axis = 1}); }},
      plain<Circle>("circle"),
      {"circle_gentle",
       [](R r) { return Circle({.gamma = 2, .margin = 0.25, .remove_diagonal = false, .reduction = r}); }},
      plain<CTC>("ctc"),
      plain<CTC>("ctc_tight"),
      plain<CTC>("ctc_sharp"),
  };
}

class LossReference : public testing::TestWithParam<LossCase> {
 protected:
  const Config& expected = reference("losses")[GetParam().name].config();
  const Tensor y_true = tensor_of(expected["y_true"]);
  const Tensor y_pred = tensor_of(expected["y_pred"]);
  const Tensor weight = tensor_of(expected["sample_weight"]);

  double call(const char* reduction, const Tensor& weights) const {
    return GetParam().make(reduction)(y_true, y_pred, weights).item();
  }
  void expect_near(double ours, const char* name) const {
    const double theirs = expected[name].number();
    EXPECT_NEAR(ours, theirs, 1e-9 * (1 + std::abs(theirs))) << name;
  }
};

TEST_P(LossReference, Agrees) {
  const Tensor values = GetParam().make("none")(y_true, y_pred).value();
  EXPECT_TRUE(all_close(values, tensor_of(expected["values"]), {.rtol = 1e-9, .atol = 1e-10}))
      << values << tensor_of(expected["values"]);
  expect_near(call("sum_over_batch_size", {}), "mean");
  expect_near(call("mean", {}), "mean");
  expect_near(call("mean_with_sample_weight", {}), "mean");
  expect_near(call("sum", {}), "sum");
  expect_near(call("mean", weight), "weighted");
  expect_near(call("sum", weight), "weighted_sum");
  expect_near(call("mean_with_sample_weight", weight), "mean_with_sample_weight");
}

TEST_P(LossReference, HasTheGradient) {
  const Parameter p("p", y_pred);
  GetParam().make("mean")(y_true, p, weight).backward();
  const Tensor gradient = tensor_of(expected["gradient"]);
  EXPECT_TRUE(all_close(p.grad(), gradient, {.rtol = 1e-8, .atol = 1e-10})) << p.grad() << gradient;
}

TEST_P(LossReference, AgreesInFloat32) {
  // There 1 - 1e-7, where probabilities are clipped, is another number.
  if (GetParam().name == "binary_crossentropy_saturated") return;
  const Tensor narrow = y_pred.cast(DType::float32);
  const double theirs = expected["weighted"].number();
  EXPECT_NEAR(GetParam().make("mean")(y_true.cast(DType::float32), narrow, weight).item(), theirs,
              2e-5 * (1 + std::abs(theirs)));
}

INSTANTIATE_TEST_SUITE_P(All, LossReference, testing::ValuesIn(cases()), testing_data::CaseName());

TEST(LossReference, HasACaseForAll) { EXPECT_EQ(reference("losses").values().size(), cases().size()); }

}  // namespace
}  // namespace gradus
