// Every op of the catalogue, forward and backward, on its first sample at two sizes, with one thread, and the
// share of what this machine could do at most:
//   ops_bench --benchmark_filter='^(matmul|dense)/'
#include "roofline.h"

#include <gradus/graph/gradients.h>
#include <gradus/graph/parallel.h>
#include <gradus/graph/recording.h>
#include <gradus/ops/catalogue.h>

#include <benchmark/benchmark.h>

#include <ctime>

namespace {

using namespace gradus;

bench::Roofline& roofline() {
  static bench::Roofline measured;
  return measured;
}

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

// Runs `call`, which does so many operations on so many bytes.
template <class Call>
void run(benchmark::State& state, double flops, double bytes, const Call& call) {
  const double least = roofline().seconds(flops, bytes);
  const std::clock_t start = std::clock();  // the processor's time, as others may have the machine too
  for (auto _ : state) benchmark::DoNotOptimize(call());
  const double took = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  const double calls = static_cast<double>(state.iterations());
  state.counters["GFLOP/s"] = flops * calls / took * 1e-9;
  state.counters["GB/s"] = bytes * calls / took * 1e-9;
  state.counters["roofline%"] = 100 * least * calls / took;
}

// The op itself, recording nothing.
void forward(benchmark::State& state, const OpInfo& info, std::int64_t n) {
  const NoGrad guard;
  const Subject subject(info, n, false);
  const Tensor y = subject.sample.call(subject.operands).value();
  run(state, info.flops(subject.sample, y), bytes_moved(subject.sample, y),
      [&] { return subject.sample.call(subject.operands); });
}

// The gradients of all floating operands, from a graph that is there already. A record knows nothing of a
// gradient's operations: each operand's is taken to cost as many as the result, as it does in a product, the
// op where it matters. The bytes are what must be read (operands and the result's gradient) and written (the
// operands' gradients); a gradient that is the result's own, shared, as add's are, takes none of them and
// shows as far over 100%.
void backward(benchmark::State& state, const OpInfo& info, std::int64_t n) {
  const Subject subject(info, n, true);
  const Variable y = subject.sample.call(subject.operands);
  const Variable seed(Tensor::ones(y.shape(), y.dtype()));
  const double flops = info.flops(subject.sample, y.value()) * static_cast<double>(subject.leaves.size());
  double bytes = bytes_moved(subject.sample, y.value());
  for (const Variable& leaf : subject.leaves) bytes += static_cast<double>(leaf.value().bytes());
  run(state, flops, bytes, [&] { return gradients(y, subject.leaves, {.seeds = seed}); });
}

void add_context() {
  const auto text = [](double value) { return std::to_string(static_cast<int>(value * 1e-9)); };
  benchmark::AddCustomContext("peak", text(roofline().flops()) + " GFLOP/s, float32, one core");
  for (const int kib : {16, 256, 4096, 65536}) {
    benchmark::AddCustomContext("bandwidth of " + std::to_string(kib) + " KiB",
                                text(roofline().bandwidth(1024.0 * kib)) + " GB/s, one core");
  }
}

}  // namespace

int main(int argc, char** argv) {
  set_num_threads(1);
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
  add_context();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
