#include "alternate.h"

#include <gradus/graph/error.h>
#include <gradus/plot/process.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <sstream>

namespace gradus::bench {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// The values of one run, in the order of the cases.
std::vector<double> measure(const Program& program, const std::vector<std::string>& cases) {
  std::vector<std::string> argv = {program.path};
  argv.insert(argv.end(), program.args.begin(), program.args.end());
  argv.insert(argv.end(), cases.begin(), cases.end());
  std::istringstream lines(output_of(argv, {}));
  std::map<std::string, double> found;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) continue;
    const std::string text = line.substr(tab + 1);
    char* end = nullptr;
    const double value = text == "n/a" ? kNone : std::strtod(text.c_str(), &end);
    if (end == text.c_str()) throw ProcessError(program.name + ": not a number: " + line);
    found[line.substr(0, tab)] = value;
  }
  std::vector<double> values;
  for (const std::string& name : cases) {
    const auto it = found.find(name);
    if (it == found.end()) throw ProcessError(program.name + " measured nothing of " + name);
    values.push_back(it->second);
  }
  return values;
}

}  // namespace

Rounds::Rounds(std::size_t programs, std::vector<std::string> cases)
    : cases_(std::move(cases)), values_(programs, std::vector<std::vector<double>>(cases_.size())) {}

const std::vector<double>& Rounds::of(std::size_t program, std::string_view name) const {
  const auto it = std::find(cases_.begin(), cases_.end(), name);
  if (it == cases_.end()) throw ValueError("no case is named " + std::string(name));
  return values_.at(program).at(static_cast<std::size_t>(it - cases_.begin()));
}

void Rounds::add(std::size_t program, const std::vector<double>& values) {
  if (values.size() != cases_.size()) throw ValueError("a round needs a value for each case");
  for (std::size_t i = 0; i < values.size(); ++i) values_.at(program)[i].push_back(values[i]);
}

Rounds alternate(const std::vector<Program>& programs, const std::vector<std::string>& cases, int rounds) {
  Rounds result(programs.size(), cases);
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < programs.size(); ++i) {
      const std::size_t program = (static_cast<std::size_t>(round) + i) % programs.size();
      result.add(program, measure(programs[program], cases));
    }
  }
  return result;
}

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return kNone;
  if (std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); })) return kNone;
  std::sort(values.begin(), values.end());
  const double position = std::clamp(q, 0.0, 1.0) * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return std::lerp(values[below], values[above], position - static_cast<double>(below));
}

double median(std::vector<double> values) { return quantile(std::move(values), 0.5); }

Ratio ratio(const std::vector<double>& numerators, const std::vector<double>& denominators) {
  if (numerators.size() != denominators.size()) throw ValueError("a ratio needs as many rounds of each");
  std::vector<double> quotients;
  for (std::size_t i = 0; i < numerators.size(); ++i) quotients.push_back(numerators[i] / denominators[i]);
  return {.median = median(quotients), .low = quantile(quotients, 0), .high = quantile(quotients, 1)};
}

}  // namespace gradus::bench
