#pragma once

namespace CLI {
class App;
}

namespace gradus::tutorial {

// Adds `gradus tutorial`: trains the tutorial's models and writes its pictures, data and results.
void add_tutorial_command(CLI::App& app);

}  // namespace gradus::tutorial
