#include <gradus/models/data/csv_number.h>
#include <gradus/models/data/embedded.h>

#include <algorithm>
#include <vector>

namespace gradus::data {

namespace {

// Removes the text up to the next `end` from the front, and gives it.
std::string_view take_until(std::string_view& text, char end) {
  const std::size_t size = std::min(text.find(end), text.size());
  const std::string_view piece = text.substr(0, size);
  text.remove_prefix(std::min(size + 1, text.size()));
  return piece;
}

}  // namespace

Embedded parse_embedded(std::string_view csv) {
  std::vector<double> values;
  std::vector<std::int64_t> labels;
  while (!csv.empty()) {
    std::string_view line = take_until(csv, '\n');
    while (!line.empty()) {
      double value = 0;
      parse_csv(take_until(line, ','), '.', value);
      values.push_back(value);
    }
    labels.push_back(static_cast<std::int64_t>(values.back()));
    values.pop_back();
  }
  return {Tensor(values, Shape{labels.size(), values.size() / labels.size()}), Tensor(labels)};
}

}  // namespace gradus::data
