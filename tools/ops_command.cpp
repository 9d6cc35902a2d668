#include <gradus/tools/ops_command.h>
#include <gradus/tools/ops_formats.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

namespace gradus::tools {

void add_ops_command(CLI::App& app) {
  struct Options {
    bool json = false;
    bool markdown = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* ops = app.add_subcommand("ops", "List the ops: families, formulas, gradients, shapes");
  CLI::Option* json = ops->add_flag("--json", options->json, "Print an array of objects instead");
  ops->add_flag("--markdown", options->markdown, "Print the page docs/ops.md instead")->excludes(json);
  ops->callback([options] {
    std::cout << (options->json       ? ops_json(catalogue())
                  : options->markdown ? ops_markdown(catalogue())
                                      : ops_table(catalogue()));
  });
}

}  // namespace gradus::tools
