#include <gradus/plot/svg.h>

#include <string>

#include <gradus/graph/error.h>
#include <gradus/models/saving/atomic_file.h>
#include <gradus/plot/process.h>

namespace gradus::plot {

void write_svg(std::string_view dot_text, const std::filesystem::path& path) {
  const ProcessResult result = run_process({"dot", "-Tsvg"}, dot_text);
  if (!result.succeeded() || !result.error.empty()) {
    throw ProcessError("dot: did not draw \"" + path.string() + "\" cleanly (exit status " +
                       std::to_string(result.exit_status) + "): " + result.error.substr(0, 2000));
  }
  saving::write_file_atomically(path, result.output);
}

}  // namespace gradus::plot
