#pragma once

#include <gradus/models/data/decoded_file.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gradus::data {

// The records of a CSV file (RFC 4180), from front to back: UTF-8 with or without its mark, packed by gzip or
// not; lines end with LF, CRLF or CR, the last one with or without; blank lines are passed over. A cell that
// begins with a quote ends with one: delimiters and line ends within it are text, two quotes are one. Takes
// 64 KiB and one record; FileError with the path and the line for all that can go wrong, a record above
// kLongestRecord among it.
class CsvRecords {
 public:
  static constexpr std::size_t kLongestRecord = std::size_t{16} << 20;

  CsvRecords(const std::string& path, char delimiter, char quote);

  // Reads the next record; false when there is none.
  bool next();
  // The record's cells, until the next call.
  const std::vector<std::string_view>& cells() const { return cells_; }
  // The line that the record begins on, from 1.
  std::uint64_t line() const { return record_line_; }
  // FileError "cannot read '<path>': line <line of the record><reason>".
  [[noreturn]] void fail_at_record(const std::string& reason) const;
  // FileError "cannot read '<path>': <reason>".
  [[noreturn]] void fail(const std::string& reason) const { file_.fail(reason); }

 private:
  static constexpr int kEnd = -1;

  int peek();
  int take();
  bool fill();
  void end_line(int first);
  int quoted_cell();
  int plain_cell(int first);
  void append(char c);

  DecodedFile file_;
  char delimiter_;
  char quote_;
  std::vector<char> piece_;
  std::size_t at_ = 0, size_ = 0;
  std::uint64_t line_ = 1, record_line_ = 1;
  std::string text_;               // of the record's cells, one after the other
  std::vector<std::size_t> ends_;  // of the cells in it
  std::vector<std::string_view> cells_;
};

}  // namespace gradus::data
