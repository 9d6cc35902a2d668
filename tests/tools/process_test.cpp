#include <gradus/plot/process.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <thread>

#include <gradus/graph/error.h>

#include "surroundings.h"

namespace gradus {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(Process, CollectsOutputErrorAndExitStatus) {
  const ProcessResult result = run_process({"sh", "-c", "echo out; echo err >&2; exit 3"});
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.error, "err\n");
  EXPECT_EQ(result.exit_status, 3);
  EXPECT_EQ(result.signal, 0);
  EXPECT_FALSE(result.succeeded());
}

TEST(Process, ReportsTheSignalThatEndedIt) {
  const ProcessResult result = run_process({"sh", "-c", "kill -TERM $$"});
  EXPECT_EQ(result.signal, SIGTERM);
  EXPECT_EQ(result.exit_status, -1);
}

TEST(Process, PassesBytesThroughUnchanged) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  EXPECT_EQ(run_process({"cat"}, bytes).output, bytes);
}

TEST(Process, MovesMegabytesBothWaysAtOnce) {
  std::string input;
  while (input.size() < 8'000'000) input += "0123456789abcdef" + std::to_string(input.size());
  const ProcessResult result = run_process({"sh", "-c", "tee /dev/stderr"}, input);
  EXPECT_TRUE(result.output == input);
  EXPECT_TRUE(result.error == input);
}

TEST(Process, MayStopReadingItsInput) {
  const std::string input(4'000'000, 'x');
  EXPECT_EQ(run_process({"head", "-c", "5"}, input).output, "xxxxx");
  EXPECT_EQ(run_process({"true"}, input).exit_status, 0);
  EXPECT_EQ(run_process({"sh", "-c", "exec <&-; sleep 0.05; echo done"}, input).output, "done\n");
}

TEST(Process, LeavesTheHandlingOfSigpipeAsItWas) {
  struct sigaction before {};
  struct sigaction after {};
  sigset_t mask_before;
  sigset_t mask_after;
  sigaction(SIGPIPE, nullptr, &before);
  pthread_sigmask(SIG_BLOCK, nullptr, &mask_before);
  static_cast<void>(run_process({"true"}, std::string(1'000'000, 'x')));
  sigaction(SIGPIPE, nullptr, &after);
  pthread_sigmask(SIG_BLOCK, nullptr, &mask_after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
  EXPECT_EQ(sigismember(&mask_before, SIGPIPE), sigismember(&mask_after, SIGPIPE));
  sigset_t pending;
  sigpending(&pending);
  EXPECT_EQ(sigismember(&pending, SIGPIPE), 0);
}

TEST(Process, GetsArgumentsAsTheyAre) {
  const std::vector<std::string> hostile = {"-n",      "--help", "$(echo no)", "`echo no`", "a b", "'\"\\",
                                            "; false", "*",      "",           "\n",        "ü"};
  std::vector<std::string> argv = {"printf", "%s|"};
  argv.insert(argv.end(), hostile.begin(), hostile.end());
  std::string expected;
  for (const std::string& argument : hostile) expected += argument + "|";
  EXPECT_EQ(run_process(argv).output, expected);
}

TEST(Process, InheritsNoPipeOfOurs) {
  FILE* plain = popen("ls /proc/self/fd", "r");
  ASSERT_NE(plain, nullptr);
  std::string expected(1000, '\0');
  expected.resize(fread(expected.data(), 1, expected.size(), plain));
  pclose(plain);
  EXPECT_EQ(run_process({"sh", "-c", "ls /proc/self/fd"}).output, expected);
}

TEST(Process, RunsInAHostWithoutStandardStreams) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    for (const int stream : {0, 1, 2}) close(stream);
    const ProcessResult result = run_process({"sh", "-c", "cat; echo err >&2"}, "in");
    _exit(result.output == "in" && result.error == "err\n" ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(Process, RunsOnManyThreadsAtOnce) {
  std::vector<std::string> outputs(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    threads.emplace_back([&outputs, i] {
      for (int turn = 0; turn < 10; ++turn) outputs[i] += run_process({"cat"}, std::to_string(i)).output;
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < outputs.size(); ++i)
    EXPECT_EQ(outputs[i], std::string(10, static_cast<char>('0' + i)));
}

TEST(Process, IsKilledAfterItsTimeout) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(
      [] {
        static_cast<void>(run_process({"sleep", "60"}, {}, {.timeout = milliseconds{50}}));
      },
      ThrowsMessage<ProcessError>("sleep: killed: not done after 50 ms"));
  // One that has closed its streams and lives on is killed as well.
  EXPECT_THAT(
      [] {
        static_cast<void>(
            run_process({"sh", "-c", "exec sleep 60 <&- >&- 2>&-"}, {}, {.timeout = milliseconds{50}}));
      },
      ThrowsMessage<ProcessError>("sh: killed: not done after 50 ms"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{30});
}

TEST(Process, ThatIsDoneInTimeIsNotKilled) {
  EXPECT_EQ(run_process({"cat"}, "in", {.timeout = std::chrono::minutes{5}}).output, "in");
}

TEST(Process, ThatIsMissingIsNamed) {
  EXPECT_THAT([] { static_cast<void>(run_process({"no-such-program"})); },
              ThrowsMessage<ProcessError>("no-such-program: program not found"));
  EXPECT_THAT([] { static_cast<void>(run_process({"/etc/passwd"})); },
              ThrowsMessage<ProcessError>("/etc/passwd: cannot be started: Permission denied"));
}

TEST(Process, ThatIsMissingIsNamedWithItsPackage) {
  const test::Folder nothing;
  const test::SearchPath path(nothing.path().string());
  EXPECT_THAT(
      [] {
        static_cast<void>(run_process({"dot", "-Tsvg"}));
      },
      ThrowsMessage<ProcessError>("dot: program not found; on Debian and Ubuntu: apt-get install graphviz"));
  EXPECT_THAT([] { static_cast<void>(run_process({"gnuplot"})); },
              ThrowsMessage<ProcessError>(
                  "gnuplot: program not found; on Debian and Ubuntu: apt-get install gnuplot-nox"));
}

TEST(Process, WantsAProgramAndArgumentsWithoutNul) {
  EXPECT_THAT([] { static_cast<void>(run_process({})); },
              ThrowsMessage<ValueError>("run_process: no program is named"));
  EXPECT_THAT(
      [] {
        static_cast<void>(run_process({"echo", std::string("a\0b", 3)}));
      },
      ThrowsMessage<ValueError>(
          "run_process: argument 1 of echo holds a NUL character, which no program can be given"));
}

TEST(Process, WithoutPipesLeftFailsWithTheReason) {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  rlimit none = limit;
  none.rlim_cur = 3;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  std::exception_ptr thrown;
  try {
    static_cast<void>(run_process({"true"}));
  } catch (...) {
    thrown = std::current_exception();  // looked at with files to spare: a sanitizer opens some itself
  }
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  ASSERT_TRUE(thrown);
  EXPECT_THAT([&] { std::rethrow_exception(thrown); },
              ThrowsMessage<ProcessError>("true: no pipe to it could be made: Too many open files"));
}

TEST(OutputOf, ReturnsWhatTheProgramWrote) { EXPECT_EQ(output_of({"cat"}, "in"), "in"); }

TEST(OutputOf, ThrowsWithTheProgramsOwnMessage) {
  EXPECT_THAT(
      [] {
        static_cast<void>(output_of({"sh", "-c", "echo bad input >&2; exit 2"}, {}));
      },
      ThrowsMessage<ProcessError>("sh: failed with exit status 2: bad input"));
  EXPECT_THAT(
      [] {
        static_cast<void>(output_of({"sh", "-c", "kill -KILL $$"}, {}));
      },
      ThrowsMessage<ProcessError>("sh: ended by signal 9"));
  EXPECT_THAT([] { static_cast<void>(output_of({"true"}, {})); },
              ThrowsMessage<ProcessError>("true: wrote nothing"));
}

}  // namespace
}  // namespace gradus
