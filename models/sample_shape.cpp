#include <gradus/graph/error.h>
#include <gradus/models/sample_shape.h>

namespace gradus {

Shape sample_shape(const Shape& batch) { return Shape(std::span(batch.begin() + 1, batch.end())); }

Shape batch_shape(const Shape& sample, std::int64_t rows) {
  std::vector<std::int64_t> dims(sample.begin(), sample.end());
  dims.insert(dims.begin(), rows);
  return Shape(dims);
}

std::string batch_text(const Shape& sample) {
  std::string text = "(None";
  for (const std::int64_t extent : sample) text += ", " + std::to_string(extent);
  return text + (sample.rank() == 0 ? ",)" : ")");
}

ConfigValue batch_config(const Shape& sample) {
  ConfigValue::List list = {ConfigValue()};
  list.insert(list.end(), sample.begin(), sample.end());
  return list;
}

Shape sample_shape_of(const ConfigValue& batch) {
  const ConfigValue::List& list = batch.list();
  if (list.empty()) throw ValueError("config: the shape of a batch has no axis");
  std::vector<std::int64_t> dims;
  for (std::size_t i = 1; i < list.size(); ++i) dims.push_back(list[i].integer());
  return Shape(dims);
}

}  // namespace gradus
