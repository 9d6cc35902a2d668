#include <gradus/graph/error.h>
#include <gradus/models/config/config.h>

#include <gtest/gtest.h>

#include <cmath>

#include "says.h"

namespace gradus {
namespace {

using testing_data::says;

Config example() {
  return Config()
      .set("units", 4)
      .set("rate", 0.1)
      .set("whole", 1.0)
      .set("name", "a \"b\" \\ é")
      .set("use_bias", true)
      .set("axes", std::vector<std::int64_t>{1, -1})
      .set("seed", ConfigValue())
      .set("kernel", object_config("L2", Config().set("l2", 0.01)));
}

TEST(Config, WritesJsonInTheOrderOfSetting) {
  EXPECT_EQ(example().to_json(),
            R"({"units": 4, "rate": 0.1, "whole": 1.0, "name": "a \"b\" \\ é", "use_bias": true, )"
            R"("axes": [1, -1], "seed": null, "kernel": {"class_name": "L2", "config": {"l2": 0.01}}})");
}

TEST(Config, ReadsBackWhatItWrote) {
  const std::string text = example().to_json();
  const Config back = Config::from_json(text);
  EXPECT_EQ(back.to_json(), text);
  EXPECT_EQ(back["name"].text(), "a \"b\" \\ é");
  EXPECT_EQ(back["axes"].integers(), (std::vector<std::int64_t>{1, -1}));
  EXPECT_EQ(back["kernel"].config()["config"].config()["l2"].number(), 0.01);
  EXPECT_TRUE(back["seed"].is_null());
}

TEST(Config, KeepsNumbersThatJsonDoesNotHave) {
  const Config config = Config::from_json(
      Config().set("a", NAN).set("b", INFINITY).set("c", -INFINITY).set("text", "NaN \\").to_json());
  EXPECT_TRUE(std::isnan(config["a"].number()));
  EXPECT_EQ(config["b"].number(), INFINITY);
  EXPECT_EQ(config["c"].number(), -INFINITY);
  EXPECT_EQ(config["text"].text(), "NaN \\");
}

TEST(Config, SettingANameAgainReplacesItsValue) {
  EXPECT_EQ(Config().set("a", 1).set("b", 2).set("a", 3).to_json(), R"({"a": 3, "b": 2})");
}

TEST(Config, SaysWhatAValueIs) {
  const Config config = example();
  EXPECT_EQ(config["units"].number(), 4);  // a whole number is a fraction's, too
  EXPECT_THAT([&] { static_cast<void>(config["rate"].integer()); },
              says<ValueError>("must be a whole number, it is a number"));
  EXPECT_THAT([&] { static_cast<void>(config["units"].text()); },
              says<ValueError>("must be a text, it is a whole number"));
  EXPECT_THAT([&] { static_cast<void>(config["name"].list()); }, says<ValueError>("must be a list"));
  EXPECT_THAT([&] { static_cast<void>(config["axes"].config()); }, says<ValueError>("must be an object"));
  EXPECT_THAT([&] { static_cast<void>(config["seed"].truth()); }, says<ValueError>("it is null"));
  EXPECT_THAT([&] { static_cast<void>(config["unit"]); },
              says<ValueError>("unknown entry 'unit'", "did you mean 'units'"));
}

TEST(Config, RefusesTextsThatAreNone) {
  const auto read = [](std::string text) { return [text] { Config::from_json(text); }; };
  EXPECT_THAT(read("[1]"), says<ValueError>("no JSON object"));
  EXPECT_THAT(read("{"), says<ValueError>("no JSON"));
  EXPECT_THAT(read(R"({"a": 1, "a": 2})"), says<ValueError>("'a' is there twice"));
  EXPECT_THAT(read("{\"a\": " + std::string(200, '[') + std::string(200, ']') + "}"),
              says<ValueError>("more than 100 levels"));
}

}  // namespace
}  // namespace gradus
