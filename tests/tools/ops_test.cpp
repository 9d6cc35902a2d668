#include <gradus/tools/ops_formats.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "command.h"
#include "surroundings.h"

namespace gradus {
namespace {

using testing::HasSubstr;

OpInfo hostile_record() {
  return {.signature = "hostile(a | b)",
          .formula = "|a| `b`",
          .shapes = "[n, *] -> <b> _x_ | y",
          .kinks = "a|b\nnext",
          .flops = [](const OpSample&, const Tensor&) { return 128.0; },
          .samples = [](Random&, std::int64_t n) -> std::vector<OpSample> {
            return {{.inputs = {Tensor::ones({n})}, .call = [](auto x) { return x[0]; }}};
          },
          .errors = {{.message = "no | such"}},
          .name = "hostile",
          .family = "shape"};
}

TEST(OpsTable, HasALineForEachOpInAlignedColumns) {
  const ProcessResult result = test::gradus({"ops"});
  EXPECT_EQ(result.exit_status, 0);
  std::istringstream lines(result.output);
  std::string header, line;
  std::getline(lines, header);
  const std::size_t family = header.find("family");
  ASSERT_NE(family, std::string::npos);
  for (const OpInfo& record : catalogue()) {
    ASSERT_TRUE(std::getline(lines, line)) << record.name;
    EXPECT_EQ(line.substr(0, line.find(' ')), record.name);
    EXPECT_EQ(line.substr(family, record.family.size()), record.family);
    EXPECT_TRUE(line.ends_with(record.shapes)) << line;
  }
  EXPECT_FALSE(std::getline(lines, line)) << line;
}

TEST(OpsTable, CountsCharactersNotBytes) {
  OpInfo record = hostile_record();
  record.formula = "\u03BB\u00B7x";
  OpInfo plain = hostile_record();
  plain.formula = "abc";
  const std::string text = tools::ops_table(std::vector{record, plain});
  const std::size_t first = text.find('\n') + 1, second = text.find('\n', first) + 1;
  // Two of the three characters take a byte more.
  EXPECT_EQ(text.find("none", first) - first, text.find("none", second) - second + 2);
}

TEST(OpsJson, HasAnObjectForEachOp) {
  const ProcessResult result = test::gradus({"ops", "--json"});
  EXPECT_EQ(result.exit_status, 0);
  const auto list = nlohmann::json::parse(result.output);
  ASSERT_EQ(list.size(), catalogue().size());
  std::size_t i = 0;
  for (const OpInfo& record : catalogue()) {
    const auto& entry = list[i++];
    EXPECT_EQ(entry["name"], record.name);
    EXPECT_EQ(entry["family"], record.family);
    EXPECT_EQ(entry["signature"], record.signature);
    EXPECT_EQ(entry["formula"], record.formula);
    EXPECT_EQ(entry["shapes"], record.shapes);
    EXPECT_EQ(entry["kinks"], record.kinks);
    EXPECT_EQ(entry["differentiable"], record.differentiable());
    EXPECT_EQ(entry["gradient"].is_null(), !record.differentiable()) << record.name;
    EXPECT_EQ(entry["errors"], record.errors.size());
    EXPECT_GT(entry["samples"], 0) << record.name;
    EXPECT_GT(entry["bytes"], 0) << record.name;
    EXPECT_GE(entry["flops"], 0) << record.name;
    EXPECT_EQ(entry.size(), 12u);
  }
  const auto& matmul = *std::find_if(list.begin(), list.end(), [](auto& e) { return e["name"] == "matmul"; });
  EXPECT_EQ(matmul["flops"], 2.0 * 64 * 64 * 64);
  EXPECT_EQ(matmul["bytes"], 3.0 * 64 * 64 * 4);
}

TEST(OpsMarkdown, EscapesWhatATableWouldTakeForItsOwn) {
  const std::string page = tools::ops_markdown(std::vector{hostile_record()});
  EXPECT_THAT(page, HasSubstr("\n## shape\n"));
  EXPECT_THAT(page,
              HasSubstr("\n| `hostile(a \\| b)` | `` \\|a\\| `b` `` | none | "
                        "\\[n, \\*\\] -\\> &lt;b\\> \\_x\\_ \\| y | a\\|b next | `no \\| such` | 2 |\n"));
}

TEST(OpsMarkdown, IsThePageInDocs) {
  const ProcessResult result = test::gradus({"ops", "--markdown"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_TRUE(test::content_of(GRADUS_SOURCE_DIR "/docs/ops.md") == result.output)
      << "docs/ops.md is stale. Renew it: build/release/tools/gradus ops --markdown > docs/ops.md";
}

}  // namespace
}  // namespace gradus
