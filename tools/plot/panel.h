#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <gradus/plot/marks.h>

namespace gradus::plot {

struct PanelOptions {
  std::string title = {};
  // A smaller line or lines under the title.
  std::string caption = {};
  std::string x_label = {};
  std::string y_label = {};
  // What the axes show; all that is drawn, and a little around it, where not given.
  std::optional<Range> x_range = {};
  std::optional<Range> y_range = {};
  // One unit is as long on both axes.
  bool equal_aspect = false;
  bool log_x = false;
  bool log_y = false;
};

// One pair of axes and what is drawn in it, in the order of the calls (regions lie under everything).
//
// Every function returns the panel, so that calls chain. Lengths that differ throw ShapeError. A point that
// is not finite (or beyond 1e250), or not above zero on a logarithmic axis, is left out and breaks a line. A
// legend stands above the axes, so it hides no data.
class Panel {
 public:
  // Throws ValueError when a given range is empty, not finite, or not above zero on a logarithmic axis.
  explicit Panel(PanelOptions options);

  // Points at (x[i], y[i]) in the colour of classes[i].
  Panel& scatter(std::span<const double> x, std::span<const double> y, std::span<const int> classes,
                 ScatterOptions options = {});
  // Points of one colour.
  Panel& scatter(std::span<const double> x, std::span<const double> y, ScatterOptions options = {});

  // A line through the points in their order.
  Panel& line(std::span<const double> x, std::span<const double> y, LineOptions options = {});

  // A grid of cells, each in a pale version of its class's colour. `classes` is [rows, columns], row by row,
  // and the first row is the lowest.
  Panel& regions(std::span<const int> classes, int rows, int columns, RegionsOptions options);

  // A matrix [rows, columns] with each value printed in its cell, the first row on top: blue below zero, red
  // above. The panel is then a table: its axes name rows and columns.
  Panel& heat_map(std::span<const double> values, int rows, int columns, HeatMapOptions options = {});

  // An arrow between two points.
  Panel& arrow(Point from, Point to, ArrowOptions options = {});

  // A line of text, centred at a point.
  Panel& text(Point at, std::string text);

  [[nodiscard]] const PanelOptions& options() const { return options_; }
  [[nodiscard]] const std::vector<Mark>& marks() const { return marks_; }

 private:
  PanelOptions options_;
  std::vector<Mark> marks_;
};

}  // namespace gradus::plot
