// The training of the tutorial's three models, validation included, as `gradus tutorial` does it but silent.
#include <gradus/tools/tutorial/lesson.h>

#include <benchmark/benchmark.h>

namespace {

using gradus::tutorial::Lesson;

void train(benchmark::State& state, Lesson (*make)(std::uint64_t seed)) {
  double steps = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const Lesson lesson = make(101);
    steps = static_cast<double>(lesson.x_train.dim(0) / lesson.batch_size.value() * lesson.epochs.value());
    state.ResumeTiming();
    benchmark::DoNotOptimize(gradus::tutorial::train(lesson, 0));
  }
  state.counters["steps/s"] = benchmark::Counter(steps, benchmark::Counter::kIsIterationInvariantRate);
}

BENCHMARK_CAPTURE(train, blobs, gradus::tutorial::blobs_lesson)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, linear, gradus::tutorial::linear_lesson)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, regression, gradus::tutorial::regression_lesson)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
