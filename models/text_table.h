#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gradus {

// A boxed table with lines between the rows, as rich draws Keras's summaries.
class TextTable {
 public:
  enum class Align : std::uint8_t { left, right, center };
  struct Column {
    std::string header = {};
    double end = 1;  // where it ends, as a share of the line
    Align align = Align::left;
  };

  // ValueError for a line that leaves a column fewer than 4 characters.
  TextTable(std::vector<Column> columns, std::int64_t line_length);

  // One text for each column; long ones go on in the next line, broken at blanks where there are some.
  void add_row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  std::string text() const;

 private:
  std::string rule(const char* left, const char* line, const char* cross, const char* right) const;
  std::string row_text(const std::vector<std::string>& row, const char* border) const;

  std::vector<Column> columns_;
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace gradus
