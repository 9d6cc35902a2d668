#include "reference_cases.h"

#include <gradus/graph/gradients.h>
#include <gradus/models/layer_registry.h>
#include <gradus/models/sample_shape.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/reduction.h>

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace gradus::testing_data {

namespace {

constexpr CloseOptions kClose = {.rtol = 1e-10, .atol = 1e-11};

nlohmann::json read(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("no " + path);
  return nlohmann::json::parse(file);
}

// float64; undefined for null.
Tensor reference_tensor(const nlohmann::json& json) {
  if (json.is_null()) return {};
  return Tensor(json["values"].get<std::vector<double>>(),
                Shape(json["shape"].get<std::vector<std::int64_t>>()));
}

void expect_close(const Tensor& value, const nlohmann::json& expected, const std::string& what) {
  const Tensor wanted = reference_tensor(expected);
  EXPECT_EQ(value.dtype(), DType::float64) << what;
  EXPECT_TRUE(all_close(value, wanted, kClose)) << what << " " << value << "\nis not\n" << wanted;
}

std::vector<Tensor> reference_tensors(const nlohmann::json& list) {
  std::vector<Tensor> tensors;
  for (const nlohmann::json& each : list) tensors.push_back(reference_tensor(each));
  return tensors;
}

// The layer of the case in float64, not built.
Layer reference_layer(const nlohmann::json& row) {
  nlohmann::json description = row["layer"];
  description["config"]["dtype"] = "float64";
  return deserialize_layer(Config::from_json(description.dump()));
}

CallOptions reference_options(const nlohmann::json& row) {
  CallOptions options = {.use_causal_mask = row["causal"].get<bool>()};
  for (const Tensor& mask : reference_tensors(row["masks"])) {
    options.mask.push_back(mask.defined() ? mask.cast(DType::boolean) : mask);
  }
  options.attention_mask = reference_tensor(row["attention_mask"]);
  if (options.attention_mask.defined()) options.attention_mask = options.attention_mask.cast(DType::boolean);
  return options;
}

void expect_case(const nlohmann::json& row) {
  SCOPED_TRACE(row["name"].get<std::string>());
  const Layer layer = reference_layer(row);
  std::vector<Shape> shapes;
  std::vector<Variable> inputs;
  for (const Tensor& input : reference_tensors(row["inputs"])) {
    shapes.push_back(sample_shape(input.shape()));
    inputs.emplace_back(input, VariableOptions{.requires_grad = true});
  }
  const std::vector<Shape> promised = layer.output_shapes(shapes);
  EXPECT_FALSE(layer.built());
  layer.build_all(shapes);
  layer.set_weights(reference_tensors(row["weights"]));

  const std::vector<Operand> operands(inputs.begin(), inputs.end());
  const std::vector<Variable> outputs = layer.call_all(operands, reference_options(row));
  ASSERT_EQ(outputs.size(), row["outputs"].size());
  ASSERT_EQ(promised.size(), outputs.size());
  Variable total(Tensor::scalar(0, DType::float64));
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    EXPECT_EQ(sample_shape(outputs[i].shape()), promised[i]);
    expect_close(outputs[i].value(), row["outputs"][i], "output " + std::to_string(i));
    const Tensor place = Tensor::arange(outputs[i].value().size(), DType::float64);
    total = total + sum(outputs[i] * cos(place.reshape(outputs[i].shape())));
  }
  std::vector<Variable> leaves = inputs;
  for (const Parameter& weight : layer.weights()) leaves.push_back(weight);
  const std::vector<Variable> slopes = gradients({total}, leaves);
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    const bool input = i < inputs.size();
    const nlohmann::json& wanted =
        input ? row["input_gradients"][i] : row["weight_gradients"][i - inputs.size()];
    expect_close(slopes[i].value(), wanted,
                 (input ? "gradient of input " : "gradient of weight ") + std::string(leaves[i].name()));
  }

  const std::string config = layer.get_config().to_json();
  const Layer again = deserialize_layer(Config::from_json(serialize_layer(layer).to_json()));
  EXPECT_EQ(again.get_config().to_json(), config);
  again.build_all(shapes);
  again.set_weights(layer.get_weights());
  const std::vector<Variable> same = again.call_all(operands, reference_options(row));
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    EXPECT_TRUE(identical(same[i].value(), outputs[i].value()));
  }
}

}  // namespace

void expect_cases(const std::string& name) {
  const nlohmann::json rows = read(GRADUS_SOURCE_DIR "/tests/models/layers/reference/" + name);
  EXPECT_FALSE(rows.empty());
  for (const nlohmann::json& row : rows) expect_case(row);
}

Curve reference_curve(const std::string& name) {
  const nlohmann::json net = read(GRADUS_SOURCE_DIR "/tests/models/reference/torch_rnn.json")[name];
  return {.x = reference_tensor(net["x"]),
          .y = reference_tensor(net["y"]),
          .weights = reference_tensors(net["weights"]),
          .losses = net["losses"].get<std::vector<double>>()};
}

}  // namespace gradus::testing_data
