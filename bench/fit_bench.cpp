// What fit costs over a loop of one's own with the same ops: batches in a drawn order, the loss, the
// accuracy, and a validation each epoch. Compare Fit with Loop side by side:
//   fit_bench --benchmark_enable_random_interleaving=true --benchmark_repetitions=9
//   --benchmark_report_aggregates_only=true
#include <gradus/gradus.h>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>

namespace gradus {
namespace {

struct Workload {
  std::vector<std::int64_t> widths;
  std::int64_t rows, validation_rows, batch;
};
const std::array<Workload, 2> kWorkloads = {
    Workload{.widths = {2, 4}, .rows = 3200, .validation_rows = 800, .batch = 32},
    Workload{.widths = {784, 512, 512, 10}, .rows = 1280, .validation_rows = 256, .batch = 128}};

struct Samples {
  Tensor x, y;
};
Samples samples(const Workload& work, std::int64_t rows, Random& random) {
  Samples made{random.uniform({rows, work.widths.front()}), Tensor::zeros({rows, work.widths.back()})};
  for (std::int64_t row = 0; row < rows; ++row) made.y.set({row, row * 7 % work.widths.back()}, 1);
  return made;
}

Sequential net(const Workload& work) {
  Sequential model({.seed = 1});
  for (std::size_t i = 1; i < work.widths.size(); ++i) {
    const bool last = i + 1 == work.widths.size();
    model.add(Dense(static_cast<int>(work.widths[i]), {.activation = last ? "softmax" : "relu",
                                                       .input_dim = static_cast<int>(work.widths[i - 1])}));
  }
  return model;
}

void fit(benchmark::State& state) {
  const Workload& work = kWorkloads.at(static_cast<std::size_t>(state.range(0)));
  Random random(1);
  const Samples train = samples(work, work.rows, random), test = samples(work, work.validation_rows, random);
  const Sequential model = net(work);
  model.compile({.optimizer = SGD({.learning_rate = 1e-6}),
                 .loss = "categorical_crossentropy",
                 .metrics = {"accuracy"}});
  for (auto _ : state) {
    model.fit(train.x, train.y,
              {.batch_size = work.batch, .verbose = 0, .validation_data = {test.x, test.y}});
  }
  state.SetItemsProcessed(state.iterations() * (work.rows / work.batch));
}

struct Loop {
  const Sequential model;
  const std::vector<Tensor> start = model.get_weights();
  std::vector<Parameter> parameters;
  SGD optimizer;

  explicit Loop(const Workload& work)
      : model(net(work)), parameters(copies()), optimizer(parameters, {.learning_rate = 1e-6}) {}
  std::vector<Parameter> copies() const {
    std::vector<Parameter> made;
    for (const Tensor& value : start) made.emplace_back("w" + std::to_string(made.size()), value);
    return made;
  }
  Variable predict(const Tensor& x) const {
    Variable y = dense(x, parameters[0], parameters[1]);
    for (std::size_t i = 2; i < parameters.size(); i += 2)
      y = dense(relu(y), parameters[i], parameters[i + 1]);
    return softmax(y);
  }
  static std::int64_t hits(const Tensor& y_true, const Tensor& y_pred) {
    const std::int64_t width = y_true.dim(1);
    const float *labels = y_true.raw<float>(), *scores = y_pred.raw<float>();
    std::int64_t right = 0;
    for (std::int64_t row = 0; row < y_true.dim(0); ++row, labels += width, scores += width) {
      right += std::max_element(labels, labels + width) - labels ==
               std::max_element(scores, scores + width) - scores;
    }
    return right;
  }
};

void loop(benchmark::State& state) {
  const Workload& work = kWorkloads.at(static_cast<std::size_t>(state.range(0)));
  Random random(1);
  const Samples train = samples(work, work.rows, random), test = samples(work, work.validation_rows, random);
  Loop own(work);
  const FlushSubnormals guard;
  for (auto _ : state) {
    const std::vector<std::int64_t> order = random.permutation(work.rows);
    double loss_sum = 0;
    std::int64_t right = 0;
    for (std::int64_t at = 0; at < work.rows; at += work.batch) {
      const std::span<const std::int64_t> rows(order.data() + at, static_cast<std::size_t>(work.batch));
      const Tensor x = data::take_rows(train.x, rows), y = data::take_rows(train.y, rows);
      const Variable predicted = own.predict(x);
      Variable loss = categorical_crossentropy(y, predicted);
      loss_sum += loss.item();
      right += Loop::hits(y, predicted.value());
      std::move(loss).backward();
      own.optimizer.step();
      own.optimizer.zero_grad();
    }
    for (std::int64_t at = 0; at < work.validation_rows; at += work.batch) {
      const Tensor x = test.x.rows(at, at + work.batch), y = test.y.rows(at, at + work.batch);
      const Variable predicted = own.predict(x);
      loss_sum += categorical_crossentropy(y, predicted).item();
      right += Loop::hits(y, predicted.value());
    }
    benchmark::DoNotOptimize(loss_sum);
    benchmark::DoNotOptimize(right);
  }
  state.SetItemsProcessed(state.iterations() * (work.rows / work.batch));
}

BENCHMARK(fit)->Name("Fit")->Arg(0)->Arg(1)->UseRealTime();
BENCHMARK(loop)->Name("Loop")->Arg(0)->Arg(1)->UseRealTime();

}  // namespace
}  // namespace gradus

BENCHMARK_MAIN();
