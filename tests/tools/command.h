#pragma once

#include <gradus/plot/process.h>

#include <string>
#include <vector>

namespace gradus::test {

// Runs the gradus command with these arguments, as a user does.
inline ProcessResult gradus(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), GRADUS_COMMAND);
  return run_process(arguments);
}

// Runs it by a shell that reads `redirection`, such as ">/dev/full", behind the arguments.
inline ProcessResult gradus_redirected(const std::string& arguments, const std::string& redirection) {
  return run_process({"sh", "-c", "exec \"$0\" " + arguments + " " + redirection, GRADUS_COMMAND});
}

}  // namespace gradus::test
