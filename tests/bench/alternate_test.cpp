#include "../../bench/compare/alternate.h"

#include <gradus/graph/error.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>

#include "../folder.h"

namespace gradus::bench {
namespace {

// A program that prints a line for each case it is given.
Program prints(const std::string& value) {
  return {.name = "shell",
          .path = "/bin/sh",
          .args = {"-c", "for name; do printf '%s\\t%s\\n' \"$name\" " + value + "; done", "sh"}};
}

TEST(Alternate, DividesWhatOneRoundMeasured) {
  const Rounds rounds = alternate({prints("6"), prints("3")}, {"a", "b c"}, 3);
  EXPECT_THAT(rounds.of(0, "a"), testing::ElementsAre(6, 6, 6));
  const Ratio result = ratio(rounds.of(0, "b c"), rounds.of(1, "b c"));
  EXPECT_EQ(result.median, 2);
  EXPECT_EQ(result.low, 2);
  EXPECT_EQ(result.high, 2);
}

TEST(Alternate, BeginsEachRoundWithAnotherProgram) {
  const test::Folder folder;
  const std::string file = (folder / "order").string();
  const auto writes = [&](const std::string& name) {
    Program program = prints("1");
    program.args[1] = "printf " + name + " >> '" + file + "'; " + program.args[1];
    return program;
  };
  static_cast<void>(alternate({writes("a"), writes("b"), writes("c")}, {"case"}, 4));
  std::ifstream order(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(order), {}), "abcbcacababc");
}

TEST(Alternate, TakesTheMedianOfPairsNotTheRatioOfMedians) {
  const Ratio result = ratio({1, 8, 30}, {1, 2, 10});
  EXPECT_EQ(result.median, 3);
  EXPECT_EQ(result.low, 1);
  EXPECT_EQ(result.high, 4);
}

TEST(Alternate, KeepsNotAvailableAsNaN) {
  const Rounds rounds = alternate({prints("n/a"), prints("1")}, {"a"}, 1);
  EXPECT_TRUE(std::isnan(rounds.of(0, "a").at(0)));
  EXPECT_TRUE(std::isnan(ratio(rounds.of(0, "a"), rounds.of(1, "a")).median));
}

TEST(Alternate, RefusesAProgramThatFailsOrLeavesACaseOut) {
  EXPECT_THROW(alternate({{.name = "none", .path = "/bin/false"}}, {"a"}, 1), ProcessError);
  EXPECT_THROW(alternate({{.name = "echo", .path = "/bin/echo"}}, {"a"}, 1), ProcessError);
  EXPECT_THROW(alternate({prints("fast")}, {"a"}, 1), ProcessError);
  EXPECT_THROW(static_cast<void>(Rounds(1, {"a"}).of(0, "b")), ValueError);
}

TEST(Quantile, LiesBetweenValues) {
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 3, 2}), 2.5);
  EXPECT_EQ(quantile({1, 2, 3, 4, 5}, 0.75), 4);
  EXPECT_TRUE(std::isnan(median({})));
}

}  // namespace
}  // namespace gradus::bench
