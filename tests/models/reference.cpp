#include "reference.h"

#include <fstream>
#include <map>
#include <sstream>

namespace gradus::testing_data {

const Config& reference(const std::string& folder) {
  static std::map<std::string, Config> read;
  const auto [found, is_new] = read.try_emplace(folder);
  if (is_new) {
    std::ifstream file(GRADUS_SOURCE_DIR "/tests/models/" + folder + "/reference.json");
    std::ostringstream text;
    text << file.rdbuf();
    found->second = Config::from_json(text.str());
  }
  return found->second;
}

Tensor tensor_of(const ConfigValue& value, DType dtype) {
  std::vector<double> values;
  for (const ConfigValue& number : value.config()["values"].list()) values.push_back(number.number());
  return Tensor(values, Shape(value.config()["shape"].integers())).cast(dtype);
}

}  // namespace gradus::testing_data
