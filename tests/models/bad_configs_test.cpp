// Configs from elsewhere: whatever they say, an error comes before memory or time is spent on it.
#include <gradus/graph/error.h>
#include <gradus/models/layer_registry.h>
#include <gradus/models/model.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "says.h"

namespace gradus {
namespace {

using testing_data::says;

auto layer(const std::string& text) {
  return [text] { deserialize_layer(Config::from_json(text)).build({4}); };
}

std::string dense(const std::string& name, const std::string& calls, const std::string& units = "1") {
  return R"(, {"class_name": "Dense", "config": {"name": ")" + name + R"(", "units": )" + units +
         R"(}, "inbound_nodes": )" + calls + "}";
}

// A call on the first output of a layer.
std::string of(const std::string& name) { return R"([{"args": [[")" + name + R"(", 0, 0]], "kwargs": {}}])"; }

// A graph of an Input "in" of two features, the layers, and the output of one of them.
auto graph(const std::string& layers, const std::string& output) {
  return [=] {
    Model::from_config(
        Config::from_json(R"({"name": "m", "layers": [{"class_name": "InputLayer", "config": {"name": "in", )"
                          R"("batch_shape": [null, 2]}, "inbound_nodes": []})" +
                          layers + R"(], "input_layers": [["in", 0, 0]], "output_layers": )" + output + "}"));
  };
}

TEST(BadConfigs, EntriesOfAnotherKindNameTheLayer) {
  const auto entry = [](const std::string& name, const std::string& value) {
    return layer(R"({"class_name": "Dense", "config": {"units": 2, ")" + name + R"(": )" + value + "}}");
  };
  EXPECT_THAT(layer(R"({"class_name": "Dense", "config": {"units": 1e9}})"),
              says<ValueError>("Dense: ", "must be a whole number, it is a number"));
  EXPECT_THAT(entry("name", "7"), says<ValueError>("Dense: ", "must be a text, it is a whole number"));
  EXPECT_THAT(entry("name", "\"a/b\""), says<ValueError>("layer name 'a/b'"));
  EXPECT_THAT(entry("trainable", "[]"), says<ValueError>("Dense: ", "must be a truth value, it is a list"));
  EXPECT_THAT(entry("dtype", R"({"config": 3})"), says<ValueError>("Dense: ", "must be an object"));
  EXPECT_THAT(entry("dtype", "\"float33\""), says<Error>("'float33' is unknown"));
  EXPECT_THAT(entry("dtype", "\"int32\""), says<DTypeError>("float32 or float64, got int32"));
  EXPECT_THAT(entry("activation", "5"), says<ValueError>("Dense: activation: ", "must be a text"));
  EXPECT_THAT(entry("kernel_initializer", "3"), says<ValueError>("Dense: kernel_initializer: "));
  EXPECT_THAT(layer(R"({"class_name": null, "config": {}})"), says<ValueError>("must be a text, it is null"));
  EXPECT_THAT(layer(R"({"class_name": "Dense", "config": []})"), says<ValueError>("must be an object"));
  EXPECT_THAT(layer(R"({"class_name": "Sequential", "config": {"name": "s", "layers": [3]}})"),
              says<ValueError>("Sequential: ", "must be an object, it is a whole number"));
}

TEST(BadConfigs, SizesBeyondTheMemoryAreRefused) {
  const auto units = [](const std::string& count) {
    return layer(R"({"class_name": "Dense", "config": {"units": )" + count + "}}");
  };
  EXPECT_THAT(units("1000000000000000000"), says<ShapeError>("overflows"));
  EXPECT_THAT(units("18446744073709551615"), says<ValueError>("must be a whole number"));
  EXPECT_THAT(units("100000000000000"), says<Error>("memory: "));
  EXPECT_THAT(graph(dense("d", of("in"), "1000000000000000"), R"([["d", 0, 0]])"), says<Error>("memory: "));
  EXPECT_THAT(layer(R"({"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Dense",
                        "config": {"units": 1000000000}}], "build_input_shape": [null, 1000000000]}})"),
              says<ShapeError>("[1000000000, 1000000000] overflows"));
  EXPECT_THAT(layer(R"({"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Dense",
                        "config": {"units": 1}}], "build_input_shape": [null, -3]}})"),
              says<ShapeError>("must not be negative, got [-3]"));
}

TEST(BadConfigs, GraphsMustCloseAndNameTheirLayersApart) {
  EXPECT_THAT(graph(dense("d", of("d")), R"([["d", 0, 0]])"), says<ValueError>("'d' takes a value"));
  EXPECT_THAT(graph(dense("d", of("e")) + dense("e", of("d")), R"([["d", 0, 0]])"),
              says<ValueError>("takes a value that no layer gives"));
  EXPECT_THAT(graph(dense("d", of("in")) + dense("d", of("in")), R"([["d", 0, 0]])"),
              says<ValueError>("two layers are called 'd'"));
  EXPECT_THAT(graph(dense("in", of("in")), R"([["in", 0, 0]])"),
              says<ValueError>("two layers are called 'in'"));
  EXPECT_THAT(graph(dense("d", "[]"), R"([["d", 0, 0]])"), says<ValueError>("'d'", "no Input"));
  EXPECT_THAT(graph(dense("d", R"([{"args": [], "kwargs": {}}])"), R"([["d", 0, 0]])"),
              says<ValueError>("d: needs an input, got none"));
  EXPECT_THAT(graph(dense("d", "[3]"), R"([["d", 0, 0]])"), says<ValueError>("must be an object"));
  EXPECT_THAT(graph(dense("d", of("in")), "[]"), says<ValueError>("at least one input and one output"));
  EXPECT_THAT(graph("", R"([["in", -1, 0]])"), says<ValueError>("output_layers names a value"));
  EXPECT_THAT(graph("", R"([["in", 0]])"), says<ValueError>("[layer, call, output]"));
}

TEST(BadConfigs, TextsThatAreDeepOrWideAreRefusedAtOnce) {
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += R"({"a":)";
  EXPECT_THAT([&] { Config::from_json(deep); }, says<ValueError>("more than 100 levels"));
  std::string wide = "{";
  for (int i = 0; i < 200'000; ++i) wide += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":1";
  EXPECT_THAT([&] { Config::from_json(wide + "}"); }, says<ValueError>("more than 10000 names in an object"));
}

}  // namespace
}  // namespace gradus
