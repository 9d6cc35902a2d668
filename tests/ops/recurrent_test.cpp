#include "values.h"

#include <gradus/gradus.h>

// Recurrent nets whose batch is cut into several pieces and whose steps into several blocks.

namespace gradus {
namespace {

constexpr std::int64_t kBatch = 40, kSteps = 37, kFeatures = 5, kUnits = 11;

struct Net {
  std::string name;
  std::int64_t gates;
  bool with_states, go_backwards;
};
void PrintTo(const Net& net, std::ostream* out) {
  *out << net.name << (net.with_states ? " with states" : "") << (net.go_backwards ? " backwards" : "");
}

// What a net is given: x, kernel, recurrent kernel, bias and, where it has them, its initial states.
std::vector<Variable> given(const Net& net, DType dtype) {
  const std::int64_t width = net.gates * kUnits;
  std::vector<Shape> shapes = {{kBatch, kSteps, kFeatures}, {kFeatures, width}, {kUnits, width}};
  shapes.push_back(net.name == "gru" ? Shape{2, width} : Shape{width});
  for (int state = 0; net.with_states && state < (net.name == "lstm" ? 2 : 1); ++state) {
    shapes.push_back({kBatch, kUnits});
  }
  Random random(7);
  std::vector<Variable> result;
  for (const Shape& shape : shapes) {
    result.emplace_back(random.normal(shape, {.stddev = 0.5, .dtype = dtype}),
                        VariableOptions{.requires_grad = true});
  }
  return result;
}

LstmResult run(const Net& net, const std::vector<Variable>& v) {
  const auto state = [&](std::size_t i) {
    return i < v.size() ? std::optional<Operand>(v[i]) : std::nullopt;
  };
  if (net.name == "lstm") {
    return lstm(v[0], v[1], v[2], v[3],
                {.return_sequences = true,
                 .go_backwards = net.go_backwards,
                 .initial_hidden = state(4),
                 .initial_cell = state(5)});
  }
  const RecurrentOptions options = {
      .return_sequences = true, .go_backwards = net.go_backwards, .initial_hidden = state(4)};
  const RecurrentResult y =
      net.name == "gru" ? gru(v[0], v[1], v[2], v[3], options) : simple_rnn(v[0], v[1], v[2], v[3], options);
  return {y.output, y.hidden, {}};
}

// A number that all results have a part in, each place with a weight of its own.
Variable weighed(const LstmResult& y) {
  const auto part = [](const Variable& result, std::uint64_t seed) {
    return sum(multiply(result, Random(seed).normal(result.shape(), {.dtype = result.dtype()})));
  };
  const Variable total = add(part(y.output, 1), part(y.hidden, 2));
  return y.cell.defined() ? add(total, part(y.cell, 3)) : total;
}

class Recurrent : public testing::TestWithParam<Net> {
 protected:
  ~Recurrent() override { set_num_threads(threads_); }
  int threads_ = num_threads();
};

TEST_P(Recurrent, TakesEachRowAsIfItWereAlone) {
  const std::vector<Variable> all = given(GetParam(), DType::float64);
  const LstmResult y = run(GetParam(), all);
  for (const std::int64_t row : {0, 15, 16, 39}) {
    std::vector<Variable> one = all;
    for (const std::size_t i : {0, 4, 5}) {
      if (i < one.size()) one[i] = slice(one[i], {{.start = row, .stop = row + 1}});
    }
    const LstmResult alone = run(GetParam(), one);
    const auto expect_row = [&](const Variable& of_all, const Variable& of_one) {
      const std::vector<double> got = list(slice(of_all, {{.start = row, .stop = row + 1}}));
      EXPECT_THAT(got, testing::Pointwise(testing::DoubleNear(1e-12), list(of_one))) << "row " << row;
    };
    expect_row(y.output, alone.output);
    expect_row(y.hidden, alone.hidden);
    if (y.cell.defined()) expect_row(y.cell, alone.cell);
  }
}

TEST_P(Recurrent, HasTheGradientsOfTheNetMadeOfOps) {
  const std::vector<Variable> x = given(GetParam(), DType::float64);
  const Variable total = weighed(run(GetParam(), x));
  const std::vector<Variable> fused = gradients(total, x);
  const std::vector<Variable> composed = gradients(total, x, {.create_graph = true});
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_THAT(list(fused[i]), testing::Pointwise(testing::DoubleNear(1e-10), list(composed[i])))
        << "operand " << i;
  }
}

TEST_P(Recurrent, HasTheSameBitsOnAnyNumberOfThreads) {
  const std::vector<Variable> x = given(GetParam(), DType::float32);
  std::vector<Tensor> first;
  for (const int threads : {1, 2, 3}) {
    set_num_threads(threads);
    const LstmResult y = run(GetParam(), x);
    std::vector<Tensor> results = {y.output.value(), y.hidden.value()};
    for (const Variable& gradient : gradients(weighed(y), x)) results.push_back(gradient.value());
    if (first.empty()) first = results;
    for (std::size_t i = 0; i < results.size(); ++i) EXPECT_TRUE(identical(results[i], first[i])) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Cells, Recurrent,
                         testing::Values(Net{"simple_rnn", 1, false, false}, Net{"simple_rnn", 1, true, true},
                                         Net{"lstm", 4, false, true}, Net{"lstm", 4, true, false},
                                         Net{"gru", 3, false, false}, Net{"gru", 3, true, true}));

TEST(Recurrent, KeepsAnEmptyGradientWhereThereAreNoStepsOrNoRows) {
  for (const auto& [batch, steps] : {std::pair{3, 0}, std::pair{0, 3}}) {
    const Variable x(Tensor::ones({batch, steps, 2}), {.requires_grad = true});
    const Variable kernel(Tensor::ones({2, 8}), {.requires_grad = true});
    const Variable recurrent(Tensor::ones({2, 8}), {.requires_grad = true});
    const Variable bias(Tensor::ones({8}), {.requires_grad = true});
    const std::vector<Variable> all = {x, kernel, recurrent, bias};
    for (const Variable& gradient : gradients(sum(lstm(x, kernel, recurrent, bias).output), all)) {
      EXPECT_THAT(list(gradient), testing::Each(0));
    }
  }
}

}  // namespace
}  // namespace gradus
