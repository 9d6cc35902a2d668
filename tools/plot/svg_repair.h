#pragma once

#include <string>
#include <string_view>

namespace gradus::plot {

// gnuplot's SVG with what it gets wrong set right: bold becomes a font weight, other fonts stand in where
// DejaVu Sans is missing, "]]>" in a text is escaped (XML forbids it), shapes are smoothed, and the document
// has the figure's title instead of gnuplot's working names.
[[nodiscard]] std::string repaired_svg(std::string_view svg, std::string_view title);

}  // namespace gradus::plot
