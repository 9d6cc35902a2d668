#include "op_program.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string_view>

namespace gradus::bench {

namespace {

constexpr std::array<const char*, 2> kPhases = {"forward", "backward"};
constexpr int kMeasurements = 5;
constexpr double kMicroseconds = 800;  // of one measurement

std::string name_of(const Case& item, Phase phase) {
  return item.label() + "/" + kPhases[static_cast<std::size_t>(phase)] + "/" + item.size;
}

double time_of(const std::function<void()>& call, std::int64_t repetitions) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  for (std::int64_t i = 0; i < repetitions; ++i) call();
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

// The time of one call, in microseconds.
double measure(const std::function<void()>& call) {
  time_of(call, 2);
  std::int64_t repetitions = 1;
  double total = time_of(call, repetitions);
  while (total < kMicroseconds / 4) {
    repetitions *= 2;
    total = time_of(call, repetitions);
  }
  repetitions = std::max<std::int64_t>(
      1, static_cast<std::int64_t>(kMicroseconds / total * static_cast<double>(repetitions)));
  std::array<double, kMeasurements> times;
  for (double& time : times) time = time_of(call, repetitions) / static_cast<double>(repetitions);
  std::nth_element(times.begin(), times.begin() + kMeasurements / 2, times.end());
  return times[kMeasurements / 2];
}

int usage(const char* program) {
  std::fprintf(stderr, "usage: %s [--threads N] [--list | --notes] [CASE...]\n", program);
  return 2;
}

}  // namespace

int run_op_program(int argc, char** argv, Library& library) {
  bool list = false, notes = false;
  int threads = 1;
  std::vector<std::string> wanted;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--list") {
      list = true;
    } else if (argument == "--notes") {
      notes = true;
    } else if (argument == "--threads" && i + 1 < argc) {
      threads = std::atoi(argv[++i]);
      if (threads < 1) return usage(argv[0]);
    } else if (argument.starts_with("-")) {
      return usage(argv[0]);
    } else {
      wanted.emplace_back(argument);
    }
  }
  library.set_threads(threads);

  std::set<std::string> missing(wanted.begin(), wanted.end());
  for (const Case& item : all_cases()) {
    if (!library.has(item)) continue;
    for (const Phase phase : {Phase::forward, Phase::backward}) {
      if (phase == Phase::backward && !has_gradient(item)) continue;
      const std::string name = name_of(item, phase);
      if (!wanted.empty() && missing.erase(name) == 0) continue;
      if (notes) {
        std::printf("%s\t%s\n", name.c_str(), library.note(item).c_str());
      } else if (list) {
        std::printf("%s\n", name.c_str());
      } else {
        std::printf("%s\t%.4f\n", name.c_str(), measure(library.prepare(item, phase)));
        std::fflush(stdout);
      }
    }
  }
  for (const std::string& name : missing) std::fprintf(stderr, "no such case: %s\n", name.c_str());
  return missing.empty() ? 0 : 2;
}

}  // namespace gradus::bench
