#pragma once

#include <gradus/models/data/csv_options.h>

#include <string>
#include <vector>

namespace gradus::data {

struct CsvTable {
  Tensor x;                               // [rows, columns], of the dtype asked for
  Tensor y;                               // [rows]: int64 classes or numbers; undefined without a target
  std::vector<std::string> names;         // of x's columns; empty without a header
  std::vector<std::string> classes;       // what the classes of a target of texts are called
  std::vector<CsvCategories> categories;  // those asked for, with all their texts
};

// Reads a CSV file, packed by gzip or not:
//   const auto iris = data::read_csv("iris.csv", {.target = "species", .target_type = "text"});
//   model.fit(iris.x, to_categorical(iris.y));
//
// The format is RFC 4180's: a cell in quotes may hold delimiters, line ends and doubled quotes. Lines end
// with LF, CRLF or CR; blank lines are passed over; UTF-8's mark is, too. Numbers are read with `decimal`,
// whatever the process's locale is; "inf" and "-inf" are kept, a number too large for the dtype is an error,
// one too small is 0. Columns with one name stay separate; they are told apart by their places.
//
// The file is read in pieces: memory is taken for the values, once more while they are put together, and for
// the longest record, which may have 16 MiB. A file with nothing but a header has 0 rows.
//
// FileError, with path, line, column and text, for a file that cannot be read, is empty, is UTF-16 or has a
// zero byte, a row with more or fewer cells than the first, a quote that is not closed or has text after it,
// a cell that is missing (unless .missing = "nan"), no number, no whole number where one is needed, or none
// of the given categories, and for values above max_bytes. ValueError for a column that is not there (the
// names are listed) and for options that contradict one another; DTypeError for boolean.
CsvTable read_csv(const std::string& path, const CsvOptions& options = {});

}  // namespace gradus::data
