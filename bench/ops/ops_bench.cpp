// Every op of the catalogue, forward and backward, on its first sample at two sizes:
//   ops_bench --benchmark_filter='^(matmul|dense)/'
#include <gradus/graph/gradients.h>
#include <gradus/graph/recording.h>
#include <gradus/ops/catalogue.h>

#include <benchmark/benchmark.h>

namespace {

using namespace gradus;

// An op's first sample, with operands that want gradients or constants.
struct Subject {
  Subject(const OpInfo& info, std::int64_t n, bool requires_grad) {
    Random random(0);
    sample = info.samples(random, n).at(0);
    for (const Tensor& input : sample.inputs) {
      const bool active = requires_grad && is_floating(input.dtype());
      operands.emplace_back(input, VariableOptions{.requires_grad = active});
      if (active) leaves.push_back(operands.back());
    }
  }

  OpSample sample;
  std::vector<Variable> operands;
  std::vector<Variable> leaves;
};

// The op itself, recording nothing.
void forward(benchmark::State& state, const OpInfo& info, std::int64_t n) {
  const NoGrad guard;
  const Subject subject(info, n, false);
  const Tensor result = subject.sample.call(subject.operands).value();
  for (auto _ : state) {
    Variable y = subject.sample.call(subject.operands);
    benchmark::DoNotOptimize(y);
  }
  using benchmark::Counter;
  const double flops = info.flops(subject.sample, result);
  if (flops > 0) state.counters["FLOP/s"] = Counter(flops, Counter::kIsIterationInvariantRate);
  state.counters["bytes/s"] =
      Counter(bytes_moved(subject.sample, result), Counter::kIsIterationInvariantRate);
}

// The gradients of all floating operands, from a graph that is there already. A record knows nothing of a
// gradient's operations, so there is no rate of those; the bytes are what must be read (operands and the
// result's gradient) and written (the operands' gradients).
void backward(benchmark::State& state, const OpInfo& info, std::int64_t n) {
  const Subject subject(info, n, true);
  const Variable y = subject.sample.call(subject.operands);
  const Variable seed(Tensor::ones(y.shape(), y.dtype()));
  double bytes = bytes_moved(subject.sample, y.value());
  for (const Variable& leaf : subject.leaves) bytes += static_cast<double>(leaf.value().bytes());
  for (auto _ : state) {
    std::vector<Variable> dx = gradients(y, subject.leaves, {.seeds = seed});
    benchmark::DoNotOptimize(dx);
  }
  using benchmark::Counter;
  state.counters["bytes/s"] = Counter(bytes, Counter::kIsIterationInvariantRate);
}

}  // namespace

int main(int argc, char** argv) {
  for (const OpInfo& info : catalogue()) {
    for (const std::int64_t n : {64, 512}) {
      const std::string size = "/" + std::to_string(n);
      benchmark::RegisterBenchmark((info.name + "/forward" + size).c_str(), forward, info, n);
      if (info.differentiable()) {
        benchmark::RegisterBenchmark((info.name + "/backward" + size).c_str(), backward, info, n);
      }
    }
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
