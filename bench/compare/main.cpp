// compare [--quick] [--rounds N] [--peers FOLDER] [--out FILE] [ROW…]: ours beside the floor and libtorch.
// compare --against PROGRAM [--quick] [--rounds N] [ROW…]: ours beside another revision's.
#include "report.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <exception>
#include <iostream>

namespace {

using namespace gradus::bench;

struct Arguments {
  bool quick = false;
  int rounds = 0;  // 0: as many as the mode wants
  std::string peers = {};
  std::string against = {};
  std::string out = "out/bench/compare.json";
  std::vector<std::string> workloads = {};  // none: all

  int count() const { return rounds > 0 ? rounds : quick ? 1 : 15; }
  bool wants(const Row& row) const {
    if (workloads.empty()) return true;
    for (const std::string& name : workloads) {
      if (name == row.workload) return true;
    }
    return false;
  }
};

// Why the arguments make no sense, or "".
std::string read(const std::vector<std::string>& given, Arguments& arguments) {
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string& name = given[i];
    if (name == "--quick") {
      arguments.quick = true;
    } else if (name == "--rounds" || name == "--peers" || name == "--against" || name == "--out") {
      if (++i == given.size()) return name + " needs a value";
      if (name == "--peers") arguments.peers = given[i];
      if (name == "--against") arguments.against = given[i];
      if (name == "--out") arguments.out = given[i];
      if (name != "--rounds") continue;
      const char* const end = given[i].data() + given[i].size();
      if (std::from_chars(given[i].data(), end, arguments.rounds).ptr != end || arguments.rounds < 1) {
        return "--rounds needs a number of 1 or more";
      }
    } else {
      arguments.workloads.push_back(name);
      bool known = false;
      for (const Row& row : rows()) known = known || row.workload == name;
      if (!known) return "no workload is named " + name;
    }
  }
  return "";
}

void compare_revisions(const Arguments& arguments) {
  std::printf("%-17s %7s %12s %12s %s\n", "workload", "threads", "this us", "that us", "this/that (range)");
  for (const Row& row : rows()) {
    if (!arguments.wants(row)) continue;
    const std::vector<std::string> args = {"--threads", std::to_string(row.threads)};
    const Rounds measured = alternate({{.name = "this tree", .path = GRADUS_WORKLOADS, .args = args},
                                       {.name = "that revision", .path = arguments.against, .args = args}},
                                      {row.workload}, arguments.count());
    const std::vector<double>& ours = measured.of(0, row.workload);
    const std::vector<double>& theirs = measured.of(1, row.workload);
    const Ratio found = ratio(ours, theirs);
    if (std::isnan(found.median)) {
      std::printf("%-17s %7d %12s\n", row.workload.c_str(), row.threads, "n/a");
      continue;
    }
    std::printf("%-17s %7d %12.4f %12.4f %.3f (%.3f-%.3f)\n", row.workload.c_str(), row.threads, median(ours),
                median(theirs), found.median, found.low, found.high);
    std::fflush(stdout);
  }
}

void compare_with_floor(const Arguments& arguments) {
  const bool peers = !arguments.peers.empty();
  const std::string peer = peers ? arguments.peers + "/libtorch_workloads" : "";
  const Programs programs = {.ours = GRADUS_WORKLOADS, .floor = GRADUS_FLOOR, .libtorch = peer};
  if (programs.floor.empty()) std::cout << "Without oneDNN there is no floor to compare with.\n";
  print_heading(std::cout);
  std::vector<Result> results;
  for (const Row& row : rows()) {
    if (!arguments.wants(row)) continue;
    results.push_back(measure(row, programs, arguments.count()));
    print_row(std::cout, results.back());
  }
  std::cout
      << "(chains: microseconds a node, with a prototype's constant for a floor; products: the slowest of "
         "the floor's beside the best library at its shape; n/a: not on this processor)\n";
  std::vector<SmallResult> small;
  if (arguments.workloads.empty()) {
    small = measure_small({.ours = GRADUS_SMALL,
                           .floor = GRADUS_STANDARD,
                           .libtorch = peers ? arguments.peers + "/libtorch_small" : "",
                           .allocations = GRADUS_ALLOCATIONS,
                           .workloads = GRADUS_WORKLOADS,
                           .libtorch_workloads = peer,
                           .compiler = GRADUS_COMPILER,
                           .include = GRADUS_INCLUDE,
                           .sources = GRADUS_SMALL_SOURCES},
                          arguments.quick ? 1 : 3);
    print_small(std::cout, small);
  }
  write_json(arguments.out, results, small);
  std::cout << "Written to " << arguments.out << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  const std::string wrong = read({argv + 1, argv + argc}, arguments);
  if (!wrong.empty()) {
    std::cerr << "compare: " << wrong
              << "\nusage: compare [--quick] [--rounds N] [--peers FOLDER | --against PROGRAM] [--out FILE] "
                 "[WORKLOAD...]\n";
    return 2;
  }
  try {
    if (arguments.against.empty()) {
      compare_with_floor(arguments);
    } else {
      compare_revisions(arguments);
    }
  } catch (const std::exception& error) {
    std::cerr << "compare: " << error.what() << std::endl;
    return 1;
  }
}
