#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

// What the measured programs share, ours, the floor and the peers: it uses the standard library only.
namespace gradus::bench {

constexpr double kLearningRate = 1e-6;  // a batch learnt by heart has subnormal gradients

struct Settings {
  int threads = 1;
  double learning_rate = kLearningRate;
  // What the value of a case is: time, or the peak of bytes, or the share of the best library's rate that the
  // slowest of its products has.
  enum class Quantity : std::uint8_t { time, peak_bytes, product_share } quantity = Quantity::time;
};

// One workload, ready to run: its parameters and buffers live in `step`.
struct Workload {
  std::function<void()> step = {};
  double units = 1;  // what the time of a step is divided by
  // Of the steps since it was made; empty: not measured.
  std::function<double()> peak_bytes = {};
  std::function<double()> product_share = {};
  // All weights as they are now, one after the other; empty: not told.
  std::function<std::vector<float>()> weights = {};
};

struct Case {
  std::string name = {};
  // Builds the workload. An empty `step` says that this machine cannot run it: n/a.
  std::function<Workload(const Settings&)> make = {};
};

// Microseconds a unit: the median over repetitions, after a warm-up. Short steps are timed in groups.
double microseconds(const Workload& workload);

// program [--threads N] [--memory|--products] CASE…   prints CASE<TAB>VALUE for each
// program --list                                      prints the cases
// Returns the status to exit with: 2, with the usage on standard error, for arguments that make no sense.
int run_program(int argc, char** argv, const std::vector<Case>& cases,
                const std::function<void(int threads)>& set_threads);

}  // namespace gradus::bench
