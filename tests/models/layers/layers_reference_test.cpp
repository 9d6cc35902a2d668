// All layers by cases that PyTorch computed: see make_layers_reference.py.

#include <gradus/gradus.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../reference.h"

namespace gradus {
namespace {

using testing_data::tensor_of;

constexpr double kTolerance = 1e-11;

const Config& references() {
  static const Config file = testing_data::json_file("layers/layers_reference.json");
  return file;
}

class LayerCase : public testing::TestWithParam<std::size_t> {
 protected:
  const Config& row() const { return references()["cases"].list()[GetParam()].config(); }
  Layer made() const {
    Config config = row()["config"].config();
    config.set("dtype", "float64");
    return deserialize_layer(object_config(row()["layer"].text(), config));
  }
  Tensor input() const {
    const bool indices = row()["input_gradient"].is_null();
    return tensor_of(row()["input"], indices ? DType::int64 : DType::float64);
  }
  Shape sample(const Tensor& batch) const {
    return Shape(std::span(batch.shape().begin() + 1, batch.shape().end()));
  }
  void set_weights(const Layer& layer) const {
    std::vector<Tensor> weights;
    for (const ConfigValue& weight : row()["weights"].list()) weights.push_back(tensor_of(weight));
    layer.set_weights(weights);
  }
  CallOptions options() const {
    CallOptions options{.training = row()["training"].truth()};
    if (const ConfigValue* mask = row().find("mask")) options.mask = {tensor_of(*mask, DType::boolean)};
    return options;
  }
  void expect_equal(const Tensor& result, const ConfigValue& expected, std::string_view what) const {
    const Tensor reference = tensor_of(expected);
    ASSERT_EQ(result.shape(), reference.shape()) << what;
    EXPECT_TRUE(all_close(result, reference, {.rtol = kTolerance, .atol = kTolerance}))
        << what << "\n"
        << to_string(result) << "\nis not\n"
        << to_string(reference);
  }
};

TEST_P(LayerCase, HasTheValuesOfPyTorch) {
  const Layer layer = made();
  const Tensor x = input();
  layer.build(sample(x));
  set_weights(layer);
  expect_equal(layer(x, options()).value(), row()["output"], "output");
}

TEST_P(LayerCase, HasTheGradientsOfPyTorch) {
  const Layer layer = made();
  const Tensor values = input();
  const bool indices = row()["input_gradient"].is_null();
  const Variable x(values, {.requires_grad = !indices});
  layer.build(sample(values));
  set_weights(layer);
  const Variable y = layer(x, options());
  const Tensor seed = cos(Tensor::arange(y.value().size(), DType::float64)).value().reshape(y.shape());
  const Variable loss = sum(y * seed);
  std::vector<Variable> wanted;
  if (!indices) wanted.push_back(x);
  for (const Parameter& weight : layer.trainable_weights()) wanted.push_back(weight);
  if (wanted.empty()) return;
  const std::vector<Variable> found = gradients(loss, wanted);
  std::size_t next = 0;
  if (!indices) expect_equal(found[next++].value(), row()["input_gradient"], "gradient of the input");
  const ConfigValue::List& expected = row()["weight_gradients"].list();
  ASSERT_EQ(expected.size() + next, found.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    expect_equal(found[next + i].value(), expected[i], layer.weight_list()[i].path);
  }
}

TEST_P(LayerCase, KnowsItsOutputShapeBeforeAndAfterItIsBuilt) {
  const Layer layer = made();
  const Shape expected = sample(tensor_of(row()["output"]));
  EXPECT_EQ(layer.output_shape(sample(input())), expected);
  EXPECT_FALSE(layer.built());
  layer.build(sample(input()));
  EXPECT_EQ(layer.output_shape(sample(input())), expected);
}

TEST_P(LayerCase, IsMadeAgainByItsConfig) {
  const Layer layer = made();
  const Config config = layer.get_config();
  const std::string text = config.to_json();
  const Layer again = deserialize_layer(object_config(layer.class_name(), Config::from_json(text)));
  EXPECT_EQ(again.get_config().to_json(), text);
  EXPECT_EQ(again.name(), layer.name());
  EXPECT_EQ(again.trainable(), layer.trainable());
  again.build(sample(input()));
  set_weights(again);
  expect_equal(again(input(), options()).value(), row()["output"], "output");
}

std::string case_name(const testing::TestParamInfo<std::size_t>& info) {
  return references()["cases"].list()[info.param].config()["layer"].text() + "_" + std::to_string(info.param);
}

INSTANTIATE_TEST_SUITE_P(Reference, LayerCase,
                         testing::Range<std::size_t>(0, references()["cases"].list().size()), case_name);

}  // namespace
}  // namespace gradus
