// The records of all ops, and what their calls refuse.

#include <gradus/graph/dot.h>
#include <gradus/graph/error.h>
#include <gradus/graph/recording.h>

#include "every_op.h"

namespace gradus {
namespace {

using EveryRecord = EveryOp;

TEST_P(EveryRecord, HasACompleteRecord) {
  EXPECT_EQ(info().name, GetParam());
  EXPECT_NE(info().family, "");
  EXPECT_THAT(info().signature, testing::StartsWith(info().name + "("));
  EXPECT_NE(info().formula, "");
  EXPECT_NE(info().shapes, "");
  EXPECT_GE(samples().size(), 8U);
  EXPECT_GE(info().errors.size(), 3U);
  EXPECT_GE(info().flops(samples().front(), value(samples().front(), DType::float32)), 0);
}

// The text of an error without the user's line at its end.
std::string story(const Error& error) {
  const std::string text = error.what();
  return text.ends_with(')') && text.find(" (") != std::string::npos ? text.substr(0, text.rfind(" ("))
                                                                     : text;
}

TEST_P(EveryRecord, ThrowsItsDeclaredErrorsWithAndWithoutGradients) {
  for (const OpError& error : info().errors) {
    for (const bool requires_grad : {false, true}) {
      std::vector<Variable> x;
      for (const Tensor& input : error.inputs) {
        x.emplace_back(input, VariableOptions{.requires_grad = requires_grad && is_floating(input.dtype())});
      }
      try {
        error.call(x);
        ADD_FAILURE() << "nothing thrown, expected: " << error.message;
      } catch (const Error& thrown) {
        EXPECT_EQ(story(thrown), info().name + ": " + error.message);
      }
    }
  }
}

TEST_P(EveryRecord, ThrowsWithGradientsWheneverItThrowsWithout) {
  // Every pair of samples' operands that does not belong together, wherever it is refused, is refused alike.
  const auto outcome = [](const OpSample& sample, const std::vector<Variable>& x) -> std::string {
    try {
      sample.call(x);
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  };
  const auto all = plain_samples();
  for (const OpSample& one : all) {
    for (const OpSample& other : all) {
      if (one.inputs.size() != other.inputs.size()) continue;
      OpSample mixed = {.inputs = other.inputs, .call = one.call};
      mixed.inputs.front() = one.inputs.front();
      EXPECT_EQ(outcome(mixed, operands(mixed, DType::float32, false)),
                outcome(mixed, operands(mixed, DType::float32, true)));
    }
  }
}

TEST_P(EveryRecord, NamesItselfInTheGraph) {
  if (!info().differentiable()) return;
  const OpSample sample = samples().front();
  const Variable y = sample.call(operands(sample, DType::float32, true));
  EXPECT_THAT(to_dot(Graph(y)), testing::HasSubstr(info().name));
}

FOR_EVERY_OP(EveryRecord);

TEST(Catalogue, NamesEachOpOnce) {
  std::vector<std::string> all = op_names();
  std::ranges::sort(all);
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

TEST(Catalogue, SuggestsTheNearestName) {
  try {
    find_op("sofmax");
    FAIL();
  } catch (const ValueError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("softmax"));
  }
}

}  // namespace
}  // namespace gradus
