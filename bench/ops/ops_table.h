#pragma once

#include "../compare/alternate.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradus::bench {

// An op at one size, on the way forth or back, beside a peer's.
struct OpRow {
  std::string op, variant, phase, size;
  std::string note;  // how the peer's way differs
  double ours_us = 0, peer_us = 0;
  Ratio ratio;
};

// "op[variant]/phase/size", with the rest left to fill in.
OpRow row_of(const std::string& name);

// Slower is what takes more than this times as long in the median.
inline constexpr double kSlower = 1.05;
// Listed, but not counted: their time is that of an iteration until nothing changes, or of a rule that holds
// for singular matrices too.
bool is_counted(const OpRow& row);

// A line a row, the slowest first.
void print_rows(std::vector<OpRow> rows);
// How many ops are slower, and each with its worst case.
void print_summary(const std::vector<OpRow>& rows);
// A list of {"op", "variant", "phase", "size", "ours_us", "libtorch_us", "ratio", "low", "high", "note"}.
void write_json(const std::vector<OpRow>& rows, const std::filesystem::path& path);

}  // namespace gradus::bench
