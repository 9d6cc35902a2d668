#pragma once

#include <gradus/models/data/csv_number.h>
#include <gradus/models/data/csv_options.h>
#include <gradus/models/data/csv_records.h>

#include <map>
#include <string>
#include <vector>

namespace gradus::data {

// The rows of a CSV file as values, one after the other: what read_csv and Dataset::from_csv are made of.
class CsvRows {
 public:
  enum class Kind : std::uint8_t { number, label, text };
  struct Column {
    std::size_t place = 0;
    std::string name = {};  // empty without a header
    Kind kind = Kind::number;
    bool may_miss = false;  // a missing number becomes NaN
    bool grows = false;     // texts are taken up as they occur, in that order
    std::map<std::string, std::int64_t, std::less<>> codes = {};  // of the texts
  };

  // Opens the file and reads its header. FileError, ValueError and DTypeError as read_csv.
  CsvRows(const std::string& path, const CsvOptions& options);

  const std::vector<Column>& columns() const { return columns_; }  // of x
  bool has_names() const { return !names_.empty(); }
  bool has_target() const { return target_.has_value(); }
  const Column& target() const { return *target_; }
  DType target_dtype() const { return target_->kind == Kind::number ? options_.dtype : DType::int64; }
  // Whether that is the column meant.
  bool is(const Column& column, const CsvColumn& meant) const { return place_of(meant) == column.place; }
  // Whether some texts are not known before the end.
  bool grows() const;

  // Moves to the next row; false when there is none.
  bool next();
  // The row's values. FileError with line, column and text for a cell that is no such value.
  template <class T>
  void read(T* x) {
    for (Column& column : columns_) *x++ = value<T>(column);
  }
  template <class T>
  T read_target() {
    return value<T>(*target_);
  }
  [[noreturn]] void fail(const std::string& reason) const { records_.fail(reason); }

 private:
  template <class T>
  T value(Column& column) {
    const std::string_view cell = records_.cells()[column.place];
    if (column.kind == Kind::text) return static_cast<T>(code(column, cell));
    T number = 0;
    if (is_missing(cell)) return static_cast<T>(missing(column));
    const CsvNumber kind = parse_csv(cell, options_.decimal, number);
    if (kind != CsvNumber::good) refuse(column, cell, kind);
    return number;
  }
  void read_header();
  Column column(const CsvColumn& wanted) const;
  std::size_t place_of(const CsvColumn& wanted) const;
  void choose_columns();
  bool is_missing(std::string_view cell) const;
  double missing(const Column& column) const;
  std::int64_t code(Column& column, std::string_view cell) const;
  [[noreturn]] void refuse(const Column& column, std::string_view cell, CsvNumber kind) const;
  [[noreturn]] void fail_at(const Column& column, const std::string& reason) const;

  CsvOptions options_;
  CsvRecords records_;
  std::vector<std::string> names_;
  std::size_t width_ = 0;
  bool first_is_read_ = false;  // the first record is data, and has been read for its width
  std::vector<Column> columns_;
  std::optional<Column> target_;
};

}  // namespace gradus::data
