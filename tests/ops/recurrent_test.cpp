#include "values.h"

#include <gradus/gradus.h>

// Recurrent nets whose batch is cut into several pieces and whose steps into several blocks.

namespace gradus {
namespace {

constexpr std::int64_t kBatch = 40, kFeatures = 5;

struct Net {
  std::string name;
  std::int64_t gates;
  bool with_states, go_backwards;
  std::int64_t steps = 37, units = 11;
  bool return_sequences = true, with_bias = true;
};
void PrintTo(const Net& net, std::ostream* out) {
  *out << net.name << (net.with_states ? " with states" : "") << (net.go_backwards ? " backwards" : "")
       << (net.return_sequences ? "" : ", its last output") << (net.with_bias ? "" : ", without a bias")
       << ", " << net.steps << " steps of " << net.units << " units";
}

// What a net is given: x, kernel, recurrent kernel, its initial states where it has them, and its bias.
std::vector<Variable> given(const Net& net, DType dtype) {
  const std::int64_t width = net.gates * net.units;
  std::vector<Shape> shapes = {{kBatch, net.steps, kFeatures}, {kFeatures, width}, {net.units, width}};
  for (int state = 0; net.with_states && state < (net.name == "lstm" ? 2 : 1); ++state) {
    shapes.push_back({kBatch, net.units});
  }
  if (net.with_bias) shapes.push_back(net.name == "gru" ? Shape{2, width} : Shape{width});
  Random random(7);
  std::vector<Variable> result;
  for (const Shape& shape : shapes) {
    result.emplace_back(random.normal(shape, {.stddev = 0.5, .dtype = dtype}),
                        VariableOptions{.requires_grad = true});
  }
  return result;
}

// Where the initial states stand, of the hidden units first.
std::vector<std::size_t> states_of(const Net& net) {
  if (!net.with_states) return {};
  return net.name == "lstm" ? std::vector<std::size_t>{3, 4} : std::vector<std::size_t>{3};
}

LstmResult run(const Net& net, const std::vector<Variable>& v) {
  const auto states = states_of(net);
  const auto state = [&](std::size_t i) {
    return i < states.size() ? std::optional<Operand>(v[states[i]]) : std::nullopt;
  };
  const RecurrentOptions options = {
      .return_sequences = net.return_sequences, .go_backwards = net.go_backwards, .initial_hidden = state(0)};
  if (net.name == "lstm") {
    const LstmOptions all = {.return_sequences = net.return_sequences,
                             .go_backwards = net.go_backwards,
                             .initial_hidden = state(0),
                             .initial_cell = state(1)};
    return net.with_bias ? lstm(v[0], v[1], v[2], v.back(), all) : lstm(v[0], v[1], v[2], all);
  }
  const auto either = [&](auto with, auto without) {
    const RecurrentResult y =
        net.with_bias ? with(v[0], v[1], v[2], v.back(), options) : without(v[0], v[1], v[2], options);
    return LstmResult{y.output, y.hidden, {}};
  };
  using In = const Operand&;
  using With = RecurrentResult (*)(In, In, In, In, RecurrentOptions);
  using Without = RecurrentResult (*)(In, In, In, RecurrentOptions);
  return net.name == "gru" ? either(With{gru}, Without{gru}) : either(With{simple_rnn}, Without{simple_rnn});
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
    std::vector<std::size_t> by_row = states_of(GetParam());
    by_row.push_back(0);
    for (const std::size_t i : by_row) one[i] = slice(one[i], {{.start = row, .stop = row + 1}});
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
    // The same where nobody wants the others.
    EXPECT_TRUE(identical(gradient(weighed(run(GetParam(), x)), x[i]).value(), fused[i].value()));
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
                                         Net{"simple_rnn", 1, false, false, 1, 16},
                                         Net{"lstm", 4, false, true}, Net{"lstm", 4, true, false},
                                         Net{"lstm", 4, false, false, 37, 32, false},
                                         Net{"lstm", 4, false, false, 1, 11, false, false},
                                         Net{"gru", 3, false, false}, Net{"gru", 3, true, true},
                                         Net{"gru", 3, false, true, 20, 32, false, false},
                                         Net{"gru", 3, false, false, 1}));

TEST(Recurrent, GivesZerosWhereThereAreNoStepsOrNoRows) {
  for (const std::string name : {"simple_rnn", "lstm", "gru"}) {
    for (const auto& [batch, steps] : {std::pair{40, 0}, std::pair{0, 3}}) {
      const Net net = {name, name == "lstm" ? 4 : name == "gru" ? 3 : 1, false, false};
      std::vector<Variable> all = given(net, DType::float32);
      all[0] = Variable(Tensor::ones({batch, steps, kFeatures}), {.requires_grad = true});
      for (const Variable& gradient : gradients(sum(run(net, all).hidden), all)) {
        EXPECT_THAT(list(gradient), testing::Each(0)) << name;
      }
    }
  }
}

}  // namespace
}  // namespace gradus
