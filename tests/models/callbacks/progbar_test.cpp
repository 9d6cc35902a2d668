#include <gradus/graph/error.h>
#include <gradus/models/callbacks/progbar.h>
#include <gradus/models/callbacks/progress_text.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <limits>
#include <sstream>

#include "../says.h"
#include "reference.h"

namespace gradus {
namespace {

using testing::HasSubstr;
using testing_data::keras_reference;
using testing_data::says;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

ProgbarOptions options_of(const nlohmann::json& given) {
  ProgbarOptions options{.width = given["width"],
                         .verbose = given["verbose"],
                         .interval = given["interval"],
                         .unit_name = given["unit_name"],
                         .terminal = true,
                         .colour = true};
  if (given.contains("stateful_metrics")) options.stateful_metrics = given["stateful_metrics"];
  if (given.contains("stateless_metrics")) {
    options.stateless_metrics = given["stateless_metrics"].get<std::vector<std::string>>();
  }
  return options;
}

TEST(Progbar, WritesKerasBytes) {
  const auto reference = nlohmann::json::parse(keras_reference());
  for (const auto& expected : reference.at("progbar")) {
    SCOPED_TRACE(expected.dump());
    double now = expected["start"];
    ProgbarOptions options = options_of(expected["options"]);
    options.clock = [&] { return now; };
    std::optional<Count> target;
    if (!expected["target"].is_null()) target = expected["target"].get<std::int64_t>();
    std::ostringstream out;
    Progbar bar(target, out, options);
    for (const auto& update : expected["updates"]) {
      now = update["at"];
      Progbar::Values values;
      for (const auto& value : update["values"]) values.emplace_back(value[0], value[1]);
      std::optional<bool> finalize;
      if (!update["finalize"].is_null()) finalize = update["finalize"].get<bool>();
      bar.update(update["current"].get<std::int64_t>(), values, {.finalize = finalize});
    }
    EXPECT_EQ(out.str(), expected["output"]);
  }
}

TEST(Progbar, AddsToWhatIsDone) {
  double now = 0;
  std::ostringstream out;
  Progbar bar(4, out, {.colour = false, .clock = [&] { return now; }});
  bar.add(1, {{"loss", 1}});
  bar.add(2, {{"loss", 4}});
  EXPECT_EQ(out.str(), "") << "no terminal: nothing before the end";
  now = 8;
  bar.add(1, {{"loss", 2}});
  EXPECT_EQ(out.str(), "4/4 - 8s - 3s/step - loss: 2.0000\n");
}

TEST(Progbar, FillsTheRestWithBlanksWithoutColours) {
  double now = 0;
  std::ostringstream out;
  Progbar bar(10, out, {.width = 10, .terminal = true, .colour = false, .clock = [&] { return now; }});
  now = 1;
  bar.update(3);
  EXPECT_EQ(out.str(), "\r 3/10 ━━━        2s 333ms/step");
  bar.end_line();
  bar.end_line();
  EXPECT_TRUE(out.str().ends_with("step\n")) << "one end is enough";
}

TEST(Progbar, ShowsNumbersThatAreNone) {
  EXPECT_EQ(progress::entry("loss", kNan), " - loss: nan");
  EXPECT_EQ(progress::entry("loss", -kNan), " - loss: nan");
  EXPECT_EQ(progress::entry("loss", std::numeric_limits<double>::infinity()), " - loss: inf");
  EXPECT_EQ(progress::entry("loss", -0.5), " - loss: -0.5000");
  EXPECT_EQ(progress::entry("loss", 1e-3), " - loss: 1.0000e-03");
  EXPECT_EQ(progress::entry("loss", -5e-120), " - loss: -5.0000e-120");
}

TEST(Progbar, WritesTimesAsKeras) {
  EXPECT_EQ(progress::duration_per_unit(2.4, "step"), "2s/step");
  EXPECT_EQ(progress::duration_per_unit(0.0024, "step"), "2ms/step");
  EXPECT_EQ(progress::duration_per_unit(0.0000074, "sample"), "7us/sample");
  EXPECT_EQ(progress::duration_per_unit(0, "step"), "0s/step");
  EXPECT_EQ(progress::remaining(59.9), "59s");
  EXPECT_EQ(progress::remaining(60), "60s");
  EXPECT_EQ(progress::remaining(95), "1:35");
  EXPECT_EQ(progress::remaining(3600), "60:00");
  EXPECT_EQ(progress::remaining(3725), "1:02:05");
  EXPECT_EQ(progress::elapsed(1.5), "2s");
  EXPECT_EQ(progress::step_count(7, 800), "  7/800");
  EXPECT_EQ(progress::step_count(7, std::nullopt), "      7/Unknown");
}

TEST(Progbar, RefusesBadOptions) {
  EXPECT_THAT(
      [] { Progbar(3, {.stateful_metrics = {"a"}, .stateless_metrics = std::vector<std::string>{"b"}}); },
      says<ValueError>("Progbar: give stateful_metrics or stateless_metrics, not both"));
  EXPECT_THAT([] { Progbar(3, {.verbose = 3}); },
              says<ValueError>("Progbar: verbose must be 0, 1 or 2, got 3"));
  EXPECT_THAT([] { Progbar(3, {.width = -1}); },
              says<ValueError>("Progbar: width must not be negative, got -1"));
}

}  // namespace
}  // namespace gradus
