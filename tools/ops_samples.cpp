#include <gradus/tools/ops_formats.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace gradus::tools {

namespace {

// JSON has no infinities and no NaN: they are strings, as Python's float() reads them.
nlohmann::ordered_json number(double value) {
  if (std::isfinite(value)) return value;
  return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

nlohmann::ordered_json tensor(const Tensor& values) {
  auto list = nlohmann::ordered_json::array();
  for (const double value : values.to_vector<double>()) list.push_back(number(value));
  return {{"dtype", to_string(values.dtype())}, {"shape", to_string(values.shape())}, {"values", list}};
}

}  // namespace

std::string ops_samples(std::span<const OpInfo> records) {
  std::string text = "[";
  for (const OpInfo& record : records) {
    Random random(kTestSeed);
    for (const OpSample& sample : record.samples(random, kTestExtent)) {
      auto inputs = nlohmann::ordered_json::array();
      for (const Tensor& input : sample.inputs) inputs.push_back(tensor(input));
      const nlohmann::ordered_json entry = {{"family", record.family},    {"op", record.name},
                                            {"sample", describe(sample)}, {"arguments", sample.arguments},
                                            {"random", record.random},    {"inputs", inputs}};
      text += (text == "[" ? "\n" : ",\n") + entry.dump();
    }
  }
  return text + "\n]\n";
}

}  // namespace gradus::tools
