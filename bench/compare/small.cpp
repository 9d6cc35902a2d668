#include "small.h"

#include "alternate.h"

#include <gradus/graph/error.h>
#include <gradus/plot/process.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>

namespace gradus::bench {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double milliseconds(const std::function<void()>& run) {
  const auto begin = std::chrono::steady_clock::now();
  run();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

// The medians of what each of them says, in turn.
std::vector<double> medians(const std::vector<std::function<double()>>& values, int rounds) {
  std::vector<std::vector<double>> measured(values.size());
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < values.size(); ++i) measured[i].push_back(values[i] ? values[i]() : kNone);
  }
  std::vector<double> result;
  for (auto& one : measured) result.push_back(median(std::move(one)));
  return result;
}

std::function<double()> start_of(const std::string& path) {
  if (path.empty()) return {};
  return [path] { return milliseconds([&] { static_cast<void>(output_of({path}, {})); }); };
}

// In megabytes, by the program's own account; `args` may hold a case.
std::function<double()> memory_of(const std::string& path, const std::vector<std::string>& args,
                                  const std::string& name) {
  if (path.empty()) return {};
  const Program program = {.name = path, .path = path, .args = args};
  if (args.empty()) {
    return [=] {
      // The program takes no cases, but a line of its own is named so.
      const std::string text = output_of({path}, {});
      const std::size_t at = text.find(name + "\t");
      return at == std::string::npos ? kNone : std::stod(text.substr(at + name.size() + 1)) / 1e6;
    };
  }
  return [=] { return alternate({program}, {name}, 1).of(0, name).front() / 1e6; };
}

std::function<double()> compile_time(const SmallPrograms& programs, const std::string& source) {
  return [=] {
    return milliseconds([&] {
             const ProcessResult result =
                 run_process({programs.compiler, "-std=c++20", "-O2", "-c", "-o", "/dev/null", "-I",
                              programs.include, programs.sources + "/" + source});
             if (!result.succeeded()) throw ProcessError(result.error);
           }) /
           1000;
  };
}

}  // namespace

std::vector<SmallResult> measure_small(const SmallPrograms& programs, int rounds) {
  std::vector<SmallResult> results;
  const auto add = [&](const std::string& name, const std::string& unit, double goal,
                       const std::vector<std::function<double()>>& values, int times) {
    const std::vector<double> found = medians(values, times);
    results.push_back({.name = name,
                       .unit = unit,
                       .ours = found[0],
                       .floor = found[1],
                       .libtorch = found[2],
                       .goal = std::isnan(goal) ? found[2] : goal});
  };
  add("start", "ms", 5, {start_of(programs.ours), start_of(programs.floor), start_of(programs.libtorch)},
      5 * rounds);
  add("memory", "MB", 15,
      {memory_of(programs.ours, {}, "memory"), memory_of(programs.floor, {}, "memory"),
       memory_of(programs.libtorch, {}, "memory")},
      1);
  const std::vector<double> compile =
      medians({compile_time(programs, "small.cpp"), compile_time(programs, "standard_headers.cpp")},
              std::min(rounds, 3));
  // Under 1.5 s, or 2.5 times the headers of the standard library alone.
  results.push_back({.name = "compile",
                     .unit = "s",
                     .ours = compile[0],
                     .floor = compile[1],
                     .libtorch = kNone,
                     .goal = std::max(1.5, 2.5 * compile[1])});
  // A quick run leaves out what differs little: Adam's rows, and oneDNN's own calls.
  const auto left_out = [quick = rounds == 1](const std::string& name) {
    return quick && name.ends_with("_adam");
  };
  for (const std::string name : {"iii_sgd", "iii_adam", "iv_sgd"}) {
    if (left_out(name)) continue;
    // Not above the peer's, where it is there.
    add("peak_" + name, "MB", kNone,
        {memory_of(programs.workloads, {"--memory"}, name),
         {},
         memory_of(programs.libtorch_workloads, {"--memory"}, name)},
        1);
  }
  if (programs.allocations.empty()) return results;
  for (const std::string name : {"i", "ii_sgd", "ii_adam", "iii_sgd", "iii_adam", "iv_sgd", "v_sgd"}) {
    if (left_out(name)) continue;
    // A call that oneDNN makes inside is named apart; the goal is for ours.
    for (const bool onednn : {false, true}) {
      if (onednn && rounds == 1) continue;
      const std::vector<std::string> args =
          onednn ? std::vector<std::string>{"--onednn"} : std::vector<std::string>{};
      const double calls =
          alternate({{.name = "allocations", .path = programs.allocations, .args = args}}, {name}, 1)
              .of(0, name)
              .front();
      results.push_back({.name = (onednn ? "onednn_allocations_" : "allocations_") + name,
                         .unit = "calls a step",
                         .ours = calls / 100,
                         .floor = onednn ? kNone : 0,
                         .libtorch = kNone,
                         .goal = onednn ? kNone : 0});
    }
  }
  return results;
}

}  // namespace gradus::bench
