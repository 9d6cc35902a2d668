#include "ops_table.h"

#include <gradus/graph/error.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <set>

namespace gradus::bench {

namespace {

std::string label(const OpRow& row) {
  return row.variant.empty() ? row.op : row.op + "[" + row.variant + "]";
}

std::vector<OpRow> slowest_first(std::vector<OpRow> rows) {
  std::stable_sort(rows.begin(), rows.end(),
                   [](const OpRow& a, const OpRow& b) { return a.ratio.median > b.ratio.median; });
  return rows;
}

}  // namespace

OpRow row_of(const std::string& name) {
  const std::size_t phase = name.find('/');
  const std::size_t size = name.find('/', phase + 1);
  if (size == std::string::npos) throw ValueError("not op/phase/size: " + name);
  OpRow row;
  row.op = name.substr(0, phase);
  row.phase = name.substr(phase + 1, size - phase - 1);
  row.size = name.substr(size + 1);
  if (const std::size_t bracket = row.op.find('['); bracket != std::string::npos) {
    row.variant = row.op.substr(bracket + 1, row.op.size() - bracket - 2);
    row.op.resize(bracket);
  }
  return row;
}

bool is_counted(const OpRow& row) {
  static const std::set<std::string> only_listed = {"svd", "eigh", "det"};
  return !only_listed.contains(row.op);
}

void print_rows(std::vector<OpRow> rows) {
  std::printf("%-46s %-9s %-24s %12s %12s %7s %15s  %s\n", "op", "phase", "size", "ours us", "libtorch us",
              "ratio", "low .. high", "libtorch's is");
  for (const OpRow& row : slowest_first(std::move(rows))) {
    std::printf("%-46s %-9s %-24s %12.3f %12.3f %7.3f %7.3f %7.3f  %s\n", label(row).c_str(),
                row.phase.c_str(), row.size.c_str(), row.ours_us, row.peer_us, row.ratio.median,
                row.ratio.low, row.ratio.high, row.note.c_str());
  }
}

void print_summary(const std::vector<OpRow>& rows) {
  std::map<std::string, std::vector<OpRow>> slower;
  std::set<std::string> ops;
  std::size_t slower_cases = 0;
  for (const OpRow& row : slowest_first(rows)) {
    ops.insert(row.op);
    if (row.ratio.median <= kSlower || !is_counted(row)) continue;
    slower[row.op].push_back(row);
    ++slower_cases;
  }
  std::printf("\n%zu cases of %zu ops; %zu cases of %zu ops are slower than libtorch's by more than %.0f%%\n",
              rows.size(), ops.size(), slower_cases, slower.size(), (kSlower - 1) * 100);
  for (const auto& [op, cases] : slower) {
    const OpRow& worst = cases.front();
    std::printf("  %-32s %2zu cases, worst %.2f: %s %s of %s\n", op.c_str(), cases.size(), worst.ratio.median,
                label(worst).c_str(), worst.phase.c_str(), worst.size.c_str());
  }
}

void write_json(const std::vector<OpRow>& rows, const std::filesystem::path& path) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const OpRow& row : rows) {
    list.push_back({{"op", row.op},
                    {"variant", row.variant},
                    {"phase", row.phase},
                    {"size", row.size},
                    {"ours_us", row.ours_us},
                    {"libtorch_us", row.peer_us},
                    {"ratio", row.ratio.median},
                    {"low", row.ratio.low},
                    {"high", row.ratio.high},
                    {"counted", is_counted(row)},
                    {"note", row.note}});
  }
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path);
  file << list.dump(1) << '\n';
  if (!file.flush()) throw FileError("cannot write " + path.string());
}

}  // namespace gradus::bench
