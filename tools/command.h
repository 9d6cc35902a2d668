#pragma once

namespace gradus::tools {

// The `gradus` command: reads the arguments, runs the subcommand they name and returns the exit status: 0; 1
// for an error while it ran; 2 for arguments that it does not take. Errors go to standard error, each as
// "gradus: <text>".
int run_command(int argc, const char* const* argv);

}  // namespace gradus::tools
