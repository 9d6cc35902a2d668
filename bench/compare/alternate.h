#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::bench {

// A measured program. `path args… case…` prints a line `case<TAB>value` for each case: the median over
// repetitions of its own, after a warm-up, or "n/a" where this machine cannot run the case.
struct Program {
  std::string name = {};
  std::string path = {};
  std::vector<std::string> args = {};
};

// What each program measured of each case, round by round; NaN is n/a.
class Rounds {
 public:
  Rounds(std::size_t programs, std::vector<std::string> cases);

  // ValueError for an unknown case.
  const std::vector<double>& of(std::size_t program, std::string_view name) const;
  const std::vector<std::string>& cases() const { return cases_; }
  void add(std::size_t program, const std::vector<double>& values);  // one for each case

 private:
  std::vector<std::string> cases_;
  std::vector<std::vector<std::vector<double>>> values_;  // [program][case][round]
};

// Runs the programs in turn (A B C, B C A …), a process for each program and round, so that what slows the
// machine down for a while slows all of them. ProcessError when a program fails or leaves out a case.
Rounds alternate(const std::vector<Program>& programs, const std::vector<std::string>& cases, int rounds);

// The `q`-quantile, between values in proportion; NaN of none.
double quantile(std::vector<double> values, double q);
double median(std::vector<double> values);

// Values of one round are divided by each other, then the quotients are summed up: what all of a round share
// falls out. NaN where a value is n/a.
struct Ratio {
  double median = std::numeric_limits<double>::quiet_NaN();
  double low = median, high = median;  // the smallest and the largest
};
Ratio ratio(const std::vector<double>& numerators, const std::vector<double>& denominators);

}  // namespace gradus::bench
