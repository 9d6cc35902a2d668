#include "reference.h"

#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace gradus::testing_data {

Config json_file(const std::string& path) {
  std::ifstream file(GRADUS_SOURCE_DIR "/tests/models/" + path);
  if (!file) throw std::runtime_error("no " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return Config::from_json(text.str());
}

const Config& reference(const std::string& folder) {
  static std::map<std::string, Config> read;
  const auto [found, is_new] = read.try_emplace(folder);
  if (is_new) found->second = json_file(folder + "/reference.json");
  return found->second;
}

Tensor tensor_of(const ConfigValue& value, DType dtype) {
  std::vector<double> values;
  for (const ConfigValue& number : value.config()["values"].list()) values.push_back(number.number());
  return Tensor(values, Shape(value.config()["shape"].integers())).cast(dtype);
}

}  // namespace gradus::testing_data
