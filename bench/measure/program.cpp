#include "program.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <limits>
#include <string_view>

namespace gradus::bench {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_of(int steps, const std::function<void()>& step) {
  const auto begin = Clock::now();
  for (int i = 0; i < steps; ++i) step();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

int usage(const std::string& program, const std::string& why) {
  std::fprintf(stderr, "%s: %s\nusage: %s [--threads N] [--memory|--products] CASE... | --list\n",
               program.c_str(), why.c_str(), program.c_str());
  return 2;
}

struct Request {
  Settings settings = {};
  bool list = false;
  std::vector<const Case*> cases = {};
};

// Why the arguments make no sense, or "".
std::string read(const std::vector<std::string_view>& arguments, const std::vector<Case>& cases,
                 Request& request) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--list") {
      request.list = true;
    } else if (argument == "--memory") {
      request.settings.quantity = Settings::Quantity::peak_bytes;
    } else if (argument == "--products") {
      request.settings.quantity = Settings::Quantity::product_share;
    } else if (argument == "--threads") {
      const std::string_view text = i + 1 < arguments.size() ? arguments[++i] : "";
      const auto [end, error] =
          std::from_chars(text.data(), text.data() + text.size(), request.settings.threads);
      if (error != std::errc() || end != text.data() + text.size() || request.settings.threads < 1) {
        return "--threads needs a number of 1 or more";
      }
    } else {
      const auto it =
          std::find_if(cases.begin(), cases.end(), [&](const Case& one) { return one.name == argument; });
      if (it == cases.end()) return "no case is named " + std::string(argument);
      request.cases.push_back(&*it);
    }
  }
  return request.list || !request.cases.empty() ? "" : "which case?";
}

// NaN where it cannot be measured here.
double value_of(const Workload& workload, const Settings& settings) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  if (!workload.step) return kNone;
  if (settings.quantity == Settings::Quantity::time) return microseconds(workload);
  const bool memory = settings.quantity == Settings::Quantity::peak_bytes;
  const std::function<double()>& quantity = memory ? workload.peak_bytes : workload.product_share;
  if (!quantity) return kNone;
  for (int i = 0; i < 3; ++i) workload.step();
  return quantity();
}

void print(const Case& one, const Settings& settings) {
  const double value = value_of(one.make(settings), settings);
  if (std::isnan(value)) {
    std::printf("%s\tn/a\n", one.name.c_str());
  } else {
    std::printf("%s\t%.9g\n", one.name.c_str(), value);
  }
  std::fflush(stdout);
}

}  // namespace

double microseconds(const Workload& workload) {
  // A group of steps lasts long beside a reading of the clock, and all of them little beside a spell of a
  // shared machine: of v to its floor 15 rounds of 0.2 s scatter by 0.025, 7 of 0.5 s by 0.074.
  constexpr double kGroup = 200e-6, kBudget = 0.2;
  seconds_of(3, workload.step);
  const double one = std::max(seconds_of(3, workload.step) / 3, 1e-9);
  const int steps = std::max(1, static_cast<int>(kGroup / one));
  const int groups = std::clamp(static_cast<int>(kBudget / (steps * one)), 5, 2000);
  for (int i = 0; i < groups / 5; ++i) seconds_of(steps, workload.step);
  std::vector<double> times;
  for (int i = 0; i < groups; ++i) times.push_back(seconds_of(steps, workload.step) / steps);
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle * 1e6 / workload.units;
}

int run_program(int argc, char** argv, const std::vector<Case>& cases,
                const std::function<void(int threads)>& set_threads) {
  const std::string program = argc > 0 ? argv[0] : "program";
  Request request;
  const std::string wrong = read({argv + std::min(argc, 1), argv + argc}, cases, request);
  if (!wrong.empty()) return usage(program, wrong);
  if (request.list) {
    for (const Case& one : cases) std::printf("%s\n", one.name.c_str());
    return 0;
  }
  try {
    set_threads(request.settings.threads);
    for (const Case* one : request.cases) print(*one, request.settings);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", program.c_str(), error.what());
    return 1;
  }
  return 0;
}

}  // namespace gradus::bench
