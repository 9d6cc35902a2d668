#pragma once

#include <filesystem>

#include <gradus/graph/graph.h>
#include <gradus/plot/svg.h>

namespace gradus::plot {

// Draws a graph as Graphviz lays it out and writes it as SVG. Throws as write_svg of DOT text does.
void write_svg(const Graph& graph, const std::filesystem::path& path);

}  // namespace gradus::plot
