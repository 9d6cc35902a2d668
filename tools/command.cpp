#include <gradus/tools/command.h>
#include <gradus/tools/failures.h>
#include <gradus/tools/ops_command.h>
#include <gradus/tools/standard_streams.h>
#include <gradus/tools/tutorial/tutorial_command.h>

#include <CLI/CLI.hpp>
#include <iostream>

namespace gradus::tools {

namespace {

// One error a line of standard error, and the exit status for it.
int report(std::string_view text) {
  std::cerr << "gradus: " << text << std::endl;
  return 1;
}

}  // namespace

int run_command(int argc, const char* const* argv) {
  hold_standard_streams();
  CLI::App app("Gradus: automatic differentiation on dynamic graphs, with a Keras-style front-end", "gradus");
  app.set_version_flag("--version", "gradus " GRADUS_VERSION, "Print the version and exit");
  add_ops_command(app);
  tutorial::add_tutorial_command(app);
  int status = 0;
  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty()) throw CLI::RequiredError("a subcommand (ops or tutorial)");
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) {
      report(error.what());
      std::cerr << "Run gradus --help for what there is." << std::endl;
      return 2;
    }
    app.exit(error);  // prints the help or the version
  } catch (const Failures& failures) {
    for (const std::string& text : failures.texts()) status = report(text);
  } catch (const std::exception& error) {
    status = report(error.what());
  }
  std::cout.flush();
  if (!std::cout) status = report("cannot write all of the output to standard output");
  return status;
}

}  // namespace gradus::tools
