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
    bool samples = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* ops = app.add_subcommand("ops", "List the ops: families, formulas, gradients, shapes");
  CLI::Option* json = ops->add_flag("--json", options->json, "Print an array of objects instead");
  CLI::Option* markdown =
      ops->add_flag("--markdown", options->markdown, "Print the page docs/ops.md instead");
  CLI::Option* samples =
      ops->add_flag("--samples", options->samples, "Print the samples of the ops' tests, as JSON, instead");
  json->excludes(markdown)->excludes(samples);
  markdown->excludes(samples);
  ops->callback([options] {
    std::cout << (options->json       ? ops_json(catalogue())
                  : options->markdown ? ops_markdown(catalogue())
                  : options->samples  ? ops_samples(catalogue())
                                      : ops_table(catalogue()));
  });
}

}  // namespace gradus::tools
