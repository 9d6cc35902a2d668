#include <gradus/plot/graph_svg.h>

#include <gradus/graph/dot.h>

namespace gradus::plot {

void write_svg(const Graph& graph, const std::filesystem::path& path) { write_svg(to_dot(graph), path); }

}  // namespace gradus::plot
