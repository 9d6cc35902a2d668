#pragma once

#include <string>
#include <vector>

namespace gradus::bench {

// What is measured of a whole process or of the compiler; NaN where nothing was.
struct SmallResult {
  std::string name = {};
  std::string unit = {};
  double ours = 0;
  double floor = 0;
  double libtorch = 0;
  double goal = 0;  // the most that ours may be
  bool met() const { return ours <= goal; }
};

struct SmallPrograms {
  std::string ours = {};      // `small`
  std::string floor = {};     // `standard_headers`
  std::string libtorch = {};  // empty: not asked for
  std::string allocations = {};
  std::string workloads = {};           // for the peaks of iii and iv
  std::string libtorch_workloads = {};  // empty: not asked for
  std::string compiler = {};
  std::string include = {};  // of the headers in the build tree
  std::string sources = {};  // the folder of the two small programs
};
// Start time and memory of a small program, time to compile one, peaks of bytes, and calls of the heap.
std::vector<SmallResult> measure_small(const SmallPrograms& programs, int rounds);

}  // namespace gradus::bench
