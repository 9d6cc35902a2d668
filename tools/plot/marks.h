#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <gradus/plot/style.h>
#include <gradus/plot/ticks.h>

namespace gradus::plot {

struct Point {
  double x = 0;
  double y = 0;
};

struct ScatterOptions {
  // Names of class 0, 1, … for the legend; the classes stay out of the legend where none is given.
  std::vector<std::string> class_names = {};
  // One name for all the points.
  std::string label = {};
  // One colour for all the points, instead of their class's.
  std::optional<Color> color = {};
  // Radius of a point, in pixels.
  double radius = 3.4;
  // How much white is mixed into the colours, from 0 to 1.
  double pale = 0;
};

struct LineOptions {
  std::string label = {};
  Color color = class_color(0);
  // In pixels.
  double width = 2;
  bool dashed = false;
  // A dot on every point of the line.
  bool dots = false;
};

struct RegionsOptions {
  // Where the centres of the first and last cell lie.
  Range x_range = {};
  Range y_range = {};
  // How much white is mixed into the class colours.
  double pale = 0.68;
};

struct HeatMapOptions {
  std::vector<std::string> row_names = {};
  std::vector<std::string> column_names = {};
  // The magnitude that has the full colour; the largest one among the values where it is 0.
  double limit = 0;
  // Decimals of the values printed in the cells.
  int decimals = 4;
};

struct ArrowOptions {
  // Written beside the arrow's head.
  std::string label = {};
  // Written in the legend.
  std::string legend = {};
  Color color = kInk;
  double width = 2.2;
};

struct Scatter {
  std::vector<double> x = {};
  std::vector<double> y = {};
  std::vector<int> classes = {};
  ScatterOptions options = {};
};

struct Line {
  std::vector<double> x = {};
  std::vector<double> y = {};
  LineOptions options = {};
};

struct Regions {
  std::vector<int> classes = {};
  int rows = 0;
  int columns = 0;
  RegionsOptions options = {};
};

struct HeatMap {
  std::vector<double> values = {};
  int rows = 0;
  int columns = 0;
  HeatMapOptions options = {};
};

struct Arrow {
  Point from = {};
  Point to = {};
  ArrowOptions options = {};
};

struct Text {
  Point at = {};
  std::string text = {};
};

using Mark = std::variant<Scatter, Line, Regions, HeatMap, Arrow, Text>;

}  // namespace gradus::plot
