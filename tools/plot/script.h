#pragma once

#include <deque>
#include <string>

#include <gradus/plot/figure.h>

namespace gradus::plot {

// The gnuplot commands that draw a figure on the terminal set before them. Everything is placed in pixels
// from here, so gnuplot's own layout plays no part.
[[nodiscard]] std::string figure_script(const FigureOptions& options, const std::deque<Panel>& panels);

}  // namespace gradus::plot
