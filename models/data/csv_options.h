#pragma once

#include <gradus/graph/tensor.h>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gradus::data {

// A column by its name in the header, or by its place: 0 is the first, -1 the last.
class CsvColumn {
 public:
  template <std::integral I>
  CsvColumn(I place) : place_(static_cast<std::int64_t>(place)) {}  // NOLINT: implicit on purpose
  CsvColumn(const char* name) : name_(name) {}                      // NOLINT: implicit on purpose
  CsvColumn(std::string name) : name_(std::move(name)) {}           // NOLINT: implicit on purpose

  const std::optional<std::string>& name() const { return name_; }
  std::int64_t place() const { return place_; }

 private:
  std::optional<std::string> name_;
  std::int64_t place_ = 0;
};

// A column of texts, each of which is read as its place in `texts`. Without any, `texts` becomes those that
// occur, in ascending order of their bytes.
struct CsvCategories {
  CsvColumn column = 0;
  std::vector<std::string> texts = {};
};

struct CsvOptions {
  // Whether the first record has the columns' names. It is taken to unless told, and refused when it has only
  // numbers.
  std::optional<bool> header = {};
  std::vector<CsvColumn> columns = {};   // the columns of x, in that order; all but the target unless given
  std::optional<CsvColumn> target = {};  // the column of y
  std::string target_type = "class";     // "class": whole numbers; "number"; "text": classes by their texts
  std::vector<CsvCategories> categories = {};  // the columns whose texts stand for classes
  char delimiter = ',';
  char decimal = '.';
  char quote = '"';
  std::string missing = "error";  // what a missing number is: "error", or "nan"
  // The texts of a cell that is missing, blanks around it left out.
  std::vector<std::string> missing_texts = {"", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", "?"};
  DType dtype = DType::float64;                      // of x, and of a y of numbers
  std::uint64_t max_bytes = std::uint64_t{1} << 30;  // the most that the values may take
};

}  // namespace gradus::data
