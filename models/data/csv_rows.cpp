#include <gradus/graph/error.h>
#include <gradus/graph/suggest.h>
#include <gradus/models/data/csv_rows.h>

#include <algorithm>
#include <array>
#include <limits>

namespace gradus::data {

namespace {

constexpr std::array<std::string_view, 2> kMissing = {"error", "nan"};
constexpr std::array<std::string_view, 3> kTargetTypes = {"class", "number", "text"};
constexpr std::array kKinds = {CsvRows::Kind::label, CsvRows::Kind::number, CsvRows::Kind::text};

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kShown = 60;
  return "'" + std::string(text.substr(0, kShown)) + (text.size() > kShown ? "…'" : "'");
}

CsvOptions checked(const CsvOptions& options) {
  const bool nan = find_name("missing", options.missing, kMissing) == 1;
  find_name("target_type", options.target_type, kTargetTypes);
  if (options.dtype == DType::boolean) throw DTypeError("read_csv: the values are numbers, not boolean");
  if (nan && !is_floating(options.dtype)) {
    throw ValueError("read_csv: " + std::string(to_string(options.dtype)) +
                     " has no NaN for what is missing");
  }
  const std::string_view ends = "\r\n";
  const std::array signs = {options.delimiter, options.decimal, options.quote};
  for (std::size_t i = 0; i < signs.size(); ++i) {
    if (ends.find(signs[i]) != std::string_view::npos || signs[i] == 0 ||
        std::count(signs.begin(), signs.end(), signs[i]) > 1) {
      throw ValueError("read_csv: delimiter, decimal and quote must differ, and be no line end");
    }
  }
  return options;
}

bool is_number(std::string_view cell, char decimal) {
  double ignored = 0;
  return parse_csv(cell, decimal, ignored) == CsvNumber::good;
}

}  // namespace

CsvRows::CsvRows(const std::string& path, const CsvOptions& options)
    : options_(checked(options)), records_(path, options.delimiter, options.quote) {
  read_header();
  choose_columns();
}

void CsvRows::read_header() {
  if (!records_.next()) fail("it is empty");
  const std::vector<std::string_view>& cells = records_.cells();
  width_ = cells.size();
  if (options_.header == false) {
    first_is_read_ = true;
    return;
  }
  const auto number = [&](std::string_view cell) { return is_number(cell, options_.decimal); };
  if (!options_.header && std::all_of(cells.begin(), cells.end(), number)) {
    fail(
        "its first line has only numbers, so it seems to have no header: say .header = false, or true to "
        "take them as names");
  }
  for (const std::string_view cell : cells) names_.emplace_back(without_blanks(cell));
}

std::size_t CsvRows::place_of(const CsvColumn& wanted) const {
  const auto width = static_cast<std::int64_t>(width_);
  if (!wanted.name()) {
    const std::int64_t place = wanted.place() < 0 ? wanted.place() + width : wanted.place();
    if (place < 0 || place >= width) {
      throw ValueError("read_csv: there is no column " + std::to_string(wanted.place()) + ", the file has " +
                       std::to_string(width));
    }
    return static_cast<std::size_t>(place);
  }
  const std::string& name = *wanted.name();
  if (names_.empty()) {
    throw ValueError("read_csv: column " + in_quotes(name) + " has no name without a header: say its place");
  }
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) {
    // A list of thousands of names helps nobody.
    constexpr std::size_t kListed = 100;
    const std::vector<std::string_view> known(
        names_.begin(), names_.begin() + static_cast<std::ptrdiff_t>(std::min(kListed, width_)));
    throw ValueError("read_csv: " + unknown_name("column", name, known) +
                     (width_ > kListed ? "; the file has " + std::to_string(width_) + " columns" : ""));
  }
  if (const auto times = std::count(names_.begin(), names_.end(), name); times > 1) {
    throw ValueError("read_csv: " + std::to_string(times) + " columns are called " + in_quotes(name) +
                     ": say the place of the one you mean");
  }
  return static_cast<std::size_t>(found - names_.begin());
}

CsvRows::Column CsvRows::column(const CsvColumn& wanted) const {
  Column column;
  column.place = place_of(wanted);
  if (!names_.empty()) column.name = names_[column.place];
  column.may_miss = options_.missing != "error" && is_floating(options_.dtype);
  for (const CsvCategories& categories : options_.categories) {
    if (place_of(categories.column) != column.place) continue;
    column.kind = Kind::text;
    column.grows = categories.texts.empty();
    for (const std::string& text : categories.texts) {
      if (!column.codes.emplace(text, static_cast<std::int64_t>(column.codes.size())).second) {
        throw ValueError("read_csv: the categories of column " + std::to_string(column.place) + " have " +
                         in_quotes(text) + " twice");
      }
    }
  }
  return column;
}

void CsvRows::choose_columns() {
  if (options_.target) {
    target_ = column(*options_.target);
    if (target_->kind != Kind::text) {
      target_->kind = kKinds[find_name("target_type", options_.target_type, kTargetTypes)];
      target_->grows = target_->kind == Kind::text;
    }
  }
  std::vector<CsvColumn> wanted = options_.columns;
  if (wanted.empty()) {
    for (std::size_t i = 0; i < width_; ++i) {
      if (!target_ || target_->place != i) wanted.emplace_back(i);
    }
  }
  for (const CsvColumn& each : wanted) columns_.push_back(column(each));
  // Categories of a column that nobody reads are a slip as well.
  for (const CsvCategories& categories : options_.categories) place_of(categories.column);
}

bool CsvRows::grows() const {
  return (target_ && target_->grows) ||
         std::any_of(columns_.begin(), columns_.end(), [](const Column& column) { return column.grows; });
}

bool CsvRows::next() {
  if (first_is_read_) {
    first_is_read_ = false;
    return true;
  }
  if (!records_.next()) return false;
  if (records_.cells().size() != width_) {
    records_.fail_at_record(" has " + std::to_string(records_.cells().size()) + " cells, the " +
                            (names_.empty() ? "first line" : "header") + " has " + std::to_string(width_));
  }
  return true;
}

bool CsvRows::is_missing(std::string_view cell) const {
  const std::string_view text = without_blanks(cell);
  return std::find(options_.missing_texts.begin(), options_.missing_texts.end(), text) !=
         options_.missing_texts.end();
}

double CsvRows::missing(const Column& column) const {
  if (column.kind != Kind::number || !column.may_miss) {
    const std::string_view cell = records_.cells()[column.place];
    fail_at(column,
            "the value is missing (" + in_quotes(cell) + ")" +
                (column.kind == Kind::number && is_floating(options_.dtype) ? "; .missing = \"nan\" reads NaN"
                                                                            : ""));
  }
  return std::numeric_limits<double>::quiet_NaN();
}

std::int64_t CsvRows::code(Column& column, std::string_view cell) const {
  const std::string_view text = without_blanks(cell);
  const auto found = column.codes.find(text);
  if (found != column.codes.end()) return found->second;
  if (is_missing(cell)) fail_at(column, "the value is missing (" + in_quotes(cell) + ")");
  if (!column.grows) {
    std::vector<std::string_view> known;
    for (const auto& [each, code] : column.codes) known.push_back(each);
    fail_at(column, unknown_name("category", text, known));
  }
  const auto code = static_cast<std::int64_t>(column.codes.size());
  column.codes.emplace(text, code);
  return code;
}

void CsvRows::refuse(const Column& column, std::string_view cell, CsvNumber kind) const {
  const bool whole = column.kind == Kind::label || !is_floating(options_.dtype);
  const DType dtype = column.kind == Kind::label ? DType::int64 : options_.dtype;
  if (kind == CsvNumber::too_large) {
    fail_at(column, in_quotes(cell) + " does not fit " + std::string(to_string(dtype)));
  }
  if (kind == CsvNumber::fraction) {
    fail_at(column,
            in_quotes(cell) + " is no whole number" +
                (column.kind == Kind::label ? ", as a class is; .target_type = \"number\" reads any number"
                                            : ""));
  }
  std::string hint;
  if (column.kind == Kind::label) hint = "; .target_type = \"text\" reads classes by their texts";
  if (options_.decimal == '.' && cell.find(',') != std::string_view::npos) {
    hint = "; .decimal = ',' reads a decimal comma";
  }
  for (const char other : {';', '\t', '|'}) {
    if (other != options_.delimiter && cell.find(other) != std::string_view::npos) {
      hint = std::string("; is the delimiter '") + (other == '\t' ? "\\t" : std::string(1, other)) + "'?";
    }
  }
  fail_at(column, in_quotes(cell) + " is no " + (whole ? "whole number" : "number") + hint);
}

void CsvRows::fail_at(const Column& column, const std::string& reason) const {
  records_.fail_at_record(", column " + std::to_string(column.place + 1) +
                          (column.name.empty() ? "" : " (" + in_quotes(column.name) + ")") + ": " + reason);
}

}  // namespace gradus::data
