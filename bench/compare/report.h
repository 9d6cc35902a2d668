#pragma once

#include "rows.h"
#include "small.h"

#include <iosfwd>

namespace gradus::bench {

// The table that a reader sees, row by row as they are measured.
void print_heading(std::ostream& out);
void print_row(std::ostream& out, const Result& result);
void print_small(std::ostream& out, const std::vector<SmallResult>& results);
// Writes compare.json; folders that are missing are made. FileError where that fails.
void write_json(const std::string& path, const std::vector<Result>& results,
                const std::vector<SmallResult>& small);

}  // namespace gradus::bench
