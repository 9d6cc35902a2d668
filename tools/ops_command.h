#pragma once

namespace CLI {
class App;
}

namespace gradus::tools {

// Adds `gradus ops`: the catalogue as a table, as JSON or as the page docs/ops.md.
void add_ops_command(CLI::App& app);

}  // namespace gradus::tools
