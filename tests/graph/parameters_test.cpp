#include <gradus/graph/error.h>
#include <gradus/graph/parameters.h>
#include <gradus/graph/suggest.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace gradus {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

struct Net {
  ParameterList parameters;
  Parameter w = parameters.add("w", Tensor::zeros({3, 2})), b = parameters.add("b", Tensor::zeros({2}));
};

std::vector<std::string> names(const ParameterList& list) {
  std::vector<std::string> result;
  for (const Parameter& parameter : list) result.emplace_back(parameter.name());
  return result;
}

TEST(ParameterList, KeepsTheOrderAndFindsByName) {
  const Net net;
  EXPECT_THAT(names(net.parameters), ElementsAre("w", "b"));
  EXPECT_EQ(&net.parameters["b"].node(), &net.b.node());
  EXPECT_EQ(count_params(net.parameters), 8);
}

TEST(ParameterList, RefusesANameTwice) {
  Net net;
  EXPECT_THAT([&] { net.parameters.add("w", Tensor{1.0}); },
              ThrowsMessage<ValueError>("ParameterList: the name 'w' is taken already"));
  ParameterList part;
  part.add("v", Tensor{1.0});
  part.add("b", Tensor{1.0});
  EXPECT_THAT([&] { net.parameters.add(part); }, ThrowsMessage<ValueError>(HasSubstr("'b' is taken")));
  EXPECT_THAT([&] { net.parameters.add("", Tensor{1.0}); },
              ThrowsMessage<ValueError>(HasSubstr("needs a name")));
  EXPECT_THAT(names(net.parameters), ElementsAre("w", "b"));
}

TEST(ParameterList, AnUnknownNameListsTheKnownOnes) {
  const Net net;
  EXPECT_THAT([&] { net.parameters["bb"]; },
              ThrowsMessage<ValueError>(
                  "ParameterList: unknown parameter 'bb'; known are 'w', 'b'; did you mean 'b'?"));
}

TEST(Parameters, ZeroGradDropsTheGradients) {
  const Net net;
  net.w.node().set_grad(Tensor::ones({3, 2}));
  zero_grad(net.parameters);
  EXPECT_FALSE(net.w.has_grad());
}

constexpr std::array<std::string_view, 3> kKnown = {"elu", "glorot_uniform", "relu"};

TEST(FindName, IgnoresCaseAndUnderscores) {
  EXPECT_EQ(find_name("name", "ReLU", kKnown), 2U);
  EXPECT_EQ(find_name("name", "GlorotUniform", kKnown), 1U);
}

TEST(FindName, NamesWhatIsKnownAndTheNearest) {
  EXPECT_THAT(
      [] { find_name("activation", "rellu", kKnown); },
      ThrowsMessage<ValueError>("unknown activation 'rellu'; known are 'elu', 'glorot_uniform', 'relu'; "
                                "did you mean 'relu'?"));
  EXPECT_THAT([] { find_name("activation", " relu", kKnown); },
              ThrowsMessage<ValueError>(HasSubstr("unknown activation ' relu'; known")));
  EXPECT_EQ(unknown_name("metric", "x", {}), "unknown metric 'x'");
}

TEST(FindName, CutsAGivenNameShort) {
  EXPECT_LT(unknown_name("activation", std::string(1000000, 'x'), kKnown).size(), 250U);
}

}  // namespace

}  // namespace gradus
