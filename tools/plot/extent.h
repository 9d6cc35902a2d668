#pragma once

#include <gradus/plot/panel.h>

namespace gradus::plot {

// Whether an axis has a place for the value: finite, no farther from zero than gnuplot can count, and above
// zero on a logarithmic axis.
[[nodiscard]] bool drawable(double value, bool logarithmic);

struct Extent {
  Range x = {};
  Range y = {};
  // The panel shows a heat map, whose y axis runs downwards.
  bool table = false;
};

// What the axes of a panel show: the ranges it was given, else all that is drawn and a little around it.
[[nodiscard]] Extent extent_of(const Panel& panel);

// The outer edges of the cells, half a cell beyond the centres of the outermost.
[[nodiscard]] Extent extent_of(const Regions& regions);

// The smallest range that holds both.
[[nodiscard]] Range joined(Range a, Range b);

}  // namespace gradus::plot
