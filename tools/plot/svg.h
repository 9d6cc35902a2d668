#pragma once

#include <filesystem>
#include <string_view>

namespace gradus::plot {

// Draws a graph given as DOT text and writes it as SVG, the file whole or not at all.
// Throws ProcessError when Graphviz's dot is missing, fails, or has any complaint (its text is in the error),
// FileError.
void write_svg(std::string_view dot_text, const std::filesystem::path& path);

}  // namespace gradus::plot
