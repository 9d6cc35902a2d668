#pragma once

#include "alternate.h"

#include <optional>
#include <string>
#include <vector>

namespace gradus::bench {

// A row of the table, and its goal.
struct Row {
  std::string workload = {};
  int threads = 1;
  double goal = 1;            // the most that `ours / floor` may be
  double floor_us = 0;        // a floor that is a constant, of a prototype of the engine; 0: the program's
  bool has_products = false;  // whose rate the floor must show
};
std::vector<Row> rows();

// What was measured of a row; NaN where nothing was.
struct Result {
  Row row = {};
  double ours_us = 0;
  double floor_us = 0;
  double libtorch_us = 0;
  Ratio to_floor = {};
  Ratio to_libtorch = {};
  double product_share = 0;

  bool available() const;
  bool met() const;
};

struct Programs {
  std::string ours = {};
  std::string floor = {};     // empty: this build has none
  std::string libtorch = {};  // empty: not asked for
};
Result measure(const Row& row, const Programs& programs, int rounds);

}  // namespace gradus::bench
