#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace gradus {

// How a program is run.
struct ProcessOptions {
  // The program is killed after this time; zero sets no limit.
  std::chrono::milliseconds timeout = std::chrono::milliseconds{0};
};

// What a program left behind.
struct ProcessResult {
  // The status it exited with, or -1 where a signal ended it.
  int exit_status = -1;
  // The signal that ended it, or 0.
  int signal = 0;
  // All it wrote to its standard output and to its standard error, byte for byte.
  std::string output = {};
  std::string error = {};

  [[nodiscard]] bool succeeded() const { return exit_status == 0; }
};

// Runs argv[0], found on PATH, with the arguments argv[1..], feeds `input` to its standard input and waits
// for its end.
//
// No shell is involved: quotes, `$(...)` and spaces in an argument reach the program as they are. A program
// that stops reading its input early is no error. Thread safe; no program inherits the pipes of
// another. Throws ValueError when argv is empty or holds a NUL, ProcessError when the program cannot be
// started (for those this project uses, the text names the apt package) or outlives the timeout. A failing
// exit status does not throw.
[[nodiscard]] ProcessResult run_process(const std::vector<std::string>& argv, std::string_view input = {},
                                        const ProcessOptions& options = {});

// Runs a program as run_process does and returns what it wrote to its standard output.
// Throws ProcessError, with the program's own message, when it fails or writes nothing.
[[nodiscard]] std::string output_of(const std::vector<std::string>& argv, std::string_view input,
                                    const ProcessOptions& options = {});

}  // namespace gradus
