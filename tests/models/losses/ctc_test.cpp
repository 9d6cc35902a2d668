// CTC beyond the reference: higher gradients, paths counted one by one, what it refuses.

#include <gradus/graph/error.h>
#include <gradus/graph/gradcheck.h>
#include <gradus/graph/random.h>
#include <gradus/models/losses/ctc.h>
#include <gradus/ops/activation.h>

#include <gtest/gtest.h>

#include <cmath>

#include "../says.h"

namespace gradus {
namespace {

using testing_data::says;

Function ctc_of(const Tensor& labels) {
  return [labels](const Variable& logits) { return CTC({.reduction = "none"})(labels, logits); };
}

// The chance of all paths that spell `labels`, one by one.
double chance_by_enumeration(const std::vector<std::int64_t>& labels, const Tensor& logits) {
  const Tensor p = softmax(logits).value();
  const std::int64_t steps = logits.dim(1), classes = logits.dim(2);
  double total = 0;
  const auto paths =
      static_cast<std::int64_t>(std::pow(static_cast<double>(classes), static_cast<double>(steps)));
  for (std::int64_t path = 0; path < paths; ++path) {
    std::vector<std::int64_t> spelt;
    double chance = 1;
    std::int64_t rest = path, before = 0;
    for (std::int64_t t = 0; t < steps; ++t, rest /= classes) {
      const std::int64_t c = rest % classes;
      chance *= p(0, t, c);
      if (c != 0 && c != before) spelt.push_back(c);
      before = c;
    }
    if (spelt == labels) total += chance;
  }
  return total;
}

TEST(CTC, IsTheChanceOfAllPaths) {
  Random random(3);
  const Tensor logits = random.normal({1, 6, 3}, {.dtype = DType::float64});
  const std::vector<std::vector<std::int64_t>> all = {{}, {1}, {2, 1}, {1, 1}, {1, 2, 2}, {2, 2, 2}};
  for (const auto& labels : all) {
    std::vector<std::int64_t> row = labels;
    row.resize(4, 0);
    const double loss = CTC()(Tensor(row, Shape{1, 4}), logits).item();
    EXPECT_NEAR(std::exp(-loss), chance_by_enumeration(labels, logits), 1e-12) << labels.size();
  }
}

TEST(CTC, HasGradientsOfEveryOrder) {
  Random random(5);
  const Tensor labels({{1, 2, 0, 0}, {3, 3, 1, 0}, {0, 0, 0, 0}}, DType::int64);
  EXPECT_TRUE(gradcheck(ctc_of(labels), {random.normal({3, 6, 4})}));
  EXPECT_TRUE(gradcheck(ctc_of(Tensor{{1, 1}}), {random.normal({1, 3, 3})})) << "one path alone";
  EXPECT_TRUE(gradcheck(ctc_of(Tensor{{0}}), {random.normal({1, 1, 2})}));
}

TEST(CTC, StaysFiniteForSureAndWrongPredictions) {
  const Tensor logits = {{{0, 1e4, 0}, {0, 0, 1e4}, {0, 1e4, 0}}};
  const Parameter p("p", logits);
  Variable loss = CTC()(Tensor{{1, 2, 1}}, p);
  EXPECT_NEAR(loss.item(), 0, 1e-6);
  loss = CTC()(Tensor{{2, 1, 2}}, p);
  EXPECT_NEAR(loss.item(), 3e4, 1);
  loss.backward();
  for (const float slope : p.grad().values<float>()) EXPECT_TRUE(std::isfinite(slope));
}

TEST(CTC, OfNoStepsAndNoLabelsIsZero) {
  const Parameter p("p", Tensor::zeros({2, 0, 3}));
  Variable loss = CTC({.reduction = "sum"})(Tensor::zeros({2, 1}), p);
  EXPECT_EQ(loss.item(), 0);
  loss.backward();
  EXPECT_EQ(p.grad().shape(), Shape({2, 0, 3}));
}

TEST(CTC, RefusesWhatHasNoAnswer) {
  const Tensor logits = Tensor::zeros({2, 3, 4});
  const auto of = [&](const Tensor& labels) { return [&, labels] { CTC()(labels, logits); }; };
  EXPECT_THAT(of(Tensor{{1, 2}}), says<ShapeError>("ctc: y_true is [1, 2], y_pred is [2, 3, 4]"));
  EXPECT_THAT(of(Tensor{1, 2}), says<ShapeError>("they must be [n, length] and [n, steps, classes]"));
  EXPECT_THAT(of(Tensor{{1, 2}, {4, 0}}), says<ValueError>("sample 1", "the label 4.0", "classes 1 to 3"));
  EXPECT_THAT(of(Tensor{{1, -1}, {0, 0}}), says<ValueError>("sample 0", "the label -1.0"));
  EXPECT_THAT(of(Tensor{{1, 0, 2}, {1, 0, 0}}), says<ValueError>("sample 0", "2.0 stands behind a 0"));
  EXPECT_THAT(of(Tensor{{1, 2, 3}, {1, 1, 2}}),
              says<ValueError>("sample 1", "its labels need 4 steps, y_pred has 3"));
}

}  // namespace
}  // namespace gradus
