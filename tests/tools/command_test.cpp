#include "command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "surroundings.h"

namespace gradus {
namespace {

using test::Folder;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Command, PrintsItsVersion) {
  const ProcessResult result = test::gradus({"--version"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.output, testing::MatchesRegex("gradus [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  EXPECT_EQ(result.error, "");
}

TEST(Command, HelpNamesSubcommandsAndOptions) {
  const ProcessResult all = test::gradus({"--help"});
  EXPECT_EQ(all.exit_status, 0);
  EXPECT_THAT(all.output, testing::AllOf(HasSubstr("tutorial"), HasSubstr("ops"), HasSubstr("--version")));
  const ProcessResult tutorial = test::gradus({"tutorial", "--help"});
  EXPECT_EQ(tutorial.exit_status, 0);
  for (const char* option : {"--out", "--seed", "--weights", "--part", "--epochs", "--data",
                             "--matmul-precision", "--no-pictures"}) {
    EXPECT_THAT(tutorial.output, HasSubstr(option));
  }
}

TEST(Command, RefusesArgumentsThatItDoesNotTake) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{}, "a subcommand (ops or tutorial) is required"},
      {{"bogus"}, "The following argument was not expected: bogus"},
      {{"ops", "--jsn"}, "The following argument was not expected: --jsn"},
      {{"ops", "--json", "--markdown"}, "--json excludes --markdown"},
      {{"tutorial", "--part", "e"}, "--part: e not in {a,b,c,d,fashion,optimizers,spiral}"},
      {{"tutorial", "--seed", "-1"}, "--seed: '-1' is not a whole number from 0 to 2^64 - 1"},
      {{"tutorial", "--seed", "1.5"}, "--seed: '1.5' is not a whole number"},
      {{"tutorial", "--seed", "18446744073709551616"}, "'18446744073709551616' is not a whole number"},
      {{"tutorial", "--seed"}, "--seed: 1 required"},
  };
  for (const auto& [arguments, message] : cases) {
    const ProcessResult result = test::gradus(arguments);
    EXPECT_EQ(result.exit_status, 2) << message;
    EXPECT_EQ(result.output, "") << message;
    EXPECT_THAT(result.error, StartsWith("gradus: ")) << message;
    EXPECT_THAT(result.error, HasSubstr(message));
  }
}

TEST(Command, FailsWhenItsOutputCannotBeWritten) {
  for (const char* redirection : {">/dev/full", ">&-"}) {
    const ProcessResult result = test::gradus_redirected("ops", redirection);
    EXPECT_EQ(result.exit_status, 1) << redirection;
    EXPECT_EQ(result.error, "gradus: cannot write all of the output to standard output\n") << redirection;
  }
}

TEST(Command, KeepsItsFilesApartFromAClosedStandardOutput) {
  const Folder folder;
  const std::string out = (folder / "out").string();
  const ProcessResult result =
      test::gradus_redirected("tutorial --no-pictures --part b --out '" + out + "'", ">&- 2>&-");
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(test::content_of(folder / "out/linear_test.csv"), StartsWith("x0,x1,label\n"));
  EXPECT_THAT(test::content_of(folder / "out/results.json"), StartsWith("{\n \"linear\": {"));
}

}  // namespace
}  // namespace gradus
