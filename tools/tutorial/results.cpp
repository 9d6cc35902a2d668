#include <gradus/tools/tutorial/results.h>

#include <charconv>
#include <nlohmann/json.hpp>

namespace gradus::tutorial {

namespace {

using Json = nlohmann::ordered_json;

// The double with the fewest digits that is this float32 when it is read as one.
double shortest(float value) {
  char digits[32];
  const auto text = std::to_chars(digits, digits + sizeof digits, value);
  double result = value;
  std::from_chars(digits, text.ptr, result);
  return static_cast<float>(result) == value ? result : static_cast<double>(value);
}

Json numbers(const Tensor& vector) {
  auto list = Json::array();
  for (const float value : vector.values<float>()) list.push_back(shortest(value));
  return list;
}

Json rows(const Tensor& matrix) {
  auto list = Json::array();
  for (std::int64_t i = 0; i < matrix.dim(0); ++i) list.push_back(numbers(matrix[i]));
  return list;
}

// What came of training and testing a model.
void add_test(Json& json, const Result& result) {
  const bool classifier = result.test->contains("accuracy");
  Json history = Json::object();
  for (const char* name : {"loss", "accuracy", "val_loss", "val_accuracy"}) {
    if (!classifier && std::string_view(name).ends_with("accuracy")) continue;
    const auto curve = result.history.history.find(name);
    history[name] = curve == result.history.history.end() ? std::vector<double>() : curve->second;
  }
  json["history"] = std::move(history);
  json["test_loss"] = result.test->loss;
  if (classifier) json["test_accuracy"] = (*result.test)["accuracy"];
}

Json entry(const Result& result) {
  Json json = {{"seed", result.seed}};
  if (result.test) add_test(json, result);
  if (result.weights.defined()) {
    json["predicted_classes"] = result.predicted_classes;
    json["weights"] = rows(result.weights);
    json["bias"] = numbers(result.bias);
  }
  if (!result.step_loss.empty()) json["step_loss"] = result.step_loss;
  if (result.training_accuracy) json["training_accuracy"] = *result.training_accuracy;
  if (!result.gradient_error.empty()) json["gradient_error"] = result.gradient_error;
  return json;
}

}  // namespace

std::string results_json(const std::vector<Result>& results) {
  Json json = Json::object();
  for (const Result& result : results) json[result.name] = entry(result);
  return json.dump(1) + "\n";
}

}  // namespace gradus::tutorial
